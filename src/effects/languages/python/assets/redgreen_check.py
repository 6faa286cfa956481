"""Mends and checks source files or test files against the contracts and each other."""
import ast
import io
import re
import tokenize

from redgreen_drift import drift
from redgreen_mend import mend
from redgreen_modules import BUILTINS, FUNCTIONS, Module, World, all_bound, bases, class_kind, decorators, loaded_names, name_of, parse
from redgreen_signature import of_definition

LEFT_OUT = re.compile(
    r"^#\s*(\.\.\.|…)?\s*(todo:?\s*(implement|add|write|finish|complete)|(the\s+)?rest of|remaining (code|methods|functions|implementation)|"
    r"existing code|(your|add) (code|implementation|logic)\s+(here|goes)|implementation (here|goes here|omitted|follows)|(same|unchanged) as (before|above)|"
    r"placeholder|not (yet )?implemented|omitted for brevity)",
    re.IGNORECASE,
)


def check(question):
    """`files` are looked at and mended where `mendable`; `contracts` stand in for planned files that are not among them."""
    plan, files = question["plan"], question["files"]
    contracts = contract_modules(plan)
    texts, mended = dict(files), []
    world = build_world(plan, contracts, texts, question)
    for path in question["mendable"]:
        new, fixes = mend(path, texts[path], world)
        if fixes:
            texts[path] = new
            mended.append({"path": path, "text": new, "fixes": fixes})
    world = build_world(plan, contracts, texts, question)
    diagnostics = []
    for path in question["checked"]:
        diagnostics.extend(check_file(path, texts[path], contracts, world))
    return {"mended": mended, "diagnostics": diagnostics[:500]}


def contract_modules(plan):
    found = {}
    for file in plan["files"]:
        if file["path"].endswith(".py"):
            tree, problem = parse(file["contract"])
            if not problem:
                found[file["path"]] = Module(file["path"], tree)
    return found


def build_world(plan, contracts, texts, question):
    modules = {}
    for path, module in contracts.items():
        # An empty contract says nothing of what the file exports.
        module.has_star = module.has_star or not module.exports
        modules[module.name] = module
    for path, text in texts.items():
        tree, problem = parse(text)
        if not problem:
            module = Module(path, tree)
            modules[module.name] = module
    # The runner is there without being planned, and its tests import it.
    return World(list(modules.values()), [*plan["packages"], {"name": plan["runner"]}], question["installed"])


def check_file(path, text, contracts, world):
    found = []

    def say(line, code, message):
        found.append({"path": path, "line": line, "code": code, "message": message})

    tree, problem = parse(text)
    if problem:
        say(problem[0], "syntax", f"not valid Python: {problem[1]}")
        return found
    module = Module(path, tree)
    promised = contracts.get(path)
    if promised is not None:
        drift(promised, module, world, say)
    check_imports(module, world, say)
    check_names(module, say)
    check_calls(module, contracts, world, say)
    check_bodies(module, world, say)
    check_comments(text, say)
    return sorted(found, key=lambda d: d["line"])


def check_imports(module, world, say):
    optional = guarded(module.tree)
    for node in ast.walk(module.tree):
        if id(node) in optional:
            continue
        if isinstance(node, ast.Import):
            for alias in node.names:
                if not world.known(alias.name):
                    say(node.lineno, "unresolved-import", f"`{alias.name}` is not a file of the project, a planned package or in the standard library")
        elif isinstance(node, ast.ImportFrom):
            name = module.absolute(node)
            if not world.known(name):
                say(node.lineno, "unresolved-import", f"`{name}` is not a file of the project, a planned package or in the standard library")
                continue
            for alias in node.names:
                if not world.provides(name, alias.name):
                    say(node.lineno, "missing-export", f"`{name}` has no `{alias.name}`")


def guarded(tree):
    """Imports under `try` with a handler for import errors may fail."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Try) and any(h.type is None or name_of(h.type) in ("ImportError", "ModuleNotFoundError", "Exception") or isinstance(h.type, ast.Tuple) for h in node.handlers):
            found.update(id(part) for item in node.body for part in ast.walk(item))
    return found


def check_names(module, say):
    if module.has_star:
        return
    bound = all_bound(module.tree) | BUILTINS
    said = set()
    for name, line in loaded_names(module.tree):
        if name not in bound and name not in said:
            said.add(name)
            say(line, "undefined-name", f"`{name}` is not defined or imported")


def check_calls(module, contracts, world, say):
    by_name = {c.name: c for c in contracts.values() if c.exports}
    rebound = names_bound_twice(module.tree)
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        found = target(node.func, module, by_name, world, rebound)
        signature = of_definition(found, world)
        problem = signature.wrong_call(node) if signature else None
        if problem:
            say(node.lineno, "wrong-arguments", f"`{ast.unparse(node.func)}` {problem}")


def names_bound_twice(tree):
    """Names that mean different things in different places of a file; calls of them are not judged."""
    seen, twice = set(), set()
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names = [node.id]
        elif isinstance(node, ast.arg):
            names = [node.arg]
        elif isinstance(node, FUNCTIONS + (ast.ClassDef,)):
            names = [node.name]
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [a.asname or a.name.split(".")[0] for a in node.names]
        for name in names:
            (twice if name in seen else seen).add(name)
    return twice


def target(func, module, contracts, world, rebound):
    """What a call calls, by its contract where there is one."""
    if isinstance(func, ast.Name) and func.id not in rebound:
        found = world.lookup(module.name, func.id)
    elif isinstance(func, ast.Attribute) and isinstance(func.value, (ast.Name, ast.Attribute)):
        name = imported_module(func.value, module, world, rebound)
        found = world.lookup(name, func.attr) if name else None
    else:
        return None
    if not found or not isinstance(found[1], FUNCTIONS + (ast.ClassDef,)):
        return None
    owner, node = found
    promised = contracts.get(owner.name)
    if promised is not None and isinstance(promised.exports.get(node.name), FUNCTIONS + (ast.ClassDef,)):
        return promised, promised.exports[node.name]
    return found


def imported_module(node, module, world, rebound):
    source = ast.unparse(node)
    first = source.split(".")[0]
    what = module.exports.get(first)
    if first in rebound or not isinstance(what, tuple):
        return None
    statement, alias = what
    if isinstance(statement, ast.ImportFrom):
        name = f"{module.absolute(statement)}.{alias.name}"
        return name if source == first and name in world.modules else None
    if alias.asname:
        return alias.name if source == first and alias.name in world.modules else None
    return source if source in world.modules else None


def check_bodies(module, world, say):
    extended = {base for m in world.modules.values() for node in ast.walk(m.tree) if isinstance(node, ast.ClassDef) for base in bases(node)}

    def visit(body, owner):
        for node in body:
            if isinstance(node, ast.ClassDef):
                visit(node.body, node)
            elif isinstance(node, FUNCTIONS):
                if is_placeholder(node, owner, module, world, extended):
                    name = f"{owner.name}.{node.name}" if owner else node.name
                    say(node.lineno, "placeholder", f"`{name}` has no real body")
                visit(node.body, None)

    visit(module.tree.body, None)


def is_placeholder(node, owner, module, world, extended):
    if decorators(node) & {"abstractmethod", "overload"}:
        return False
    if owner is not None and class_kind(owner, module, world) == "protocol":
        return False
    body = [n for n in node.body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant) and isinstance(n.value.value, str))]
    if not body or all(isinstance(n, ast.Pass) for n in body):
        return returns_something(node) or node.name.startswith("test")
    if len(body) > 1:
        return False
    only = body[0]
    if isinstance(only, ast.Expr) and isinstance(only.value, ast.Constant) and only.value.value is Ellipsis:
        return True
    if isinstance(only, ast.Raise) and only.exc is not None and name_of(only.exc) == "NotImplementedError":
        return owner is None or owner.name not in extended
    return False


def returns_something(node):
    return node.returns is not None and not (isinstance(node.returns, ast.Constant) and node.returns.value is None) and name_of(node.returns) not in ("NoReturn", "Never")


def check_comments(text, say):
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT and LEFT_OUT.match(token.string):
                say(token.start[0], "placeholder", f"something was left out here: {token.string[:100]}")
    except (tokenize.TokenError, SyntaxError):
        pass
