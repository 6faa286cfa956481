"""Whether a plan's contracts are good Python and fit together."""
import ast

from redgreen_modules import BUILTINS, FUNCTIONS, STDLIB, Module, World, all_bound, loaded_names, module_name, name_of, parse

ALLOWED = (ast.Import, ast.ImportFrom, ast.ClassDef, ast.AnnAssign, ast.Assign, ast.Expr, ast.If) + FUNCTIONS


def vet(question):
    plan = question["plan"]
    found = []

    def say(where, message):
        found.append({"where": where, "message": message})

    modules = read_contracts(plan, say)
    existing = question.get("existing", {})
    world = World([module for _, module in modules] + existing_modules(existing), plan["packages"])
    for where, module in modules:
        vet_statements(where, module, say)
        vet_imports(where, module, world, say)
        vet_names(where, module, say)
    vet_uses(plan, existing, world, say)
    vet_cycles(modules, world, say)
    return found


def read_contracts(plan, say):
    modules, names = [], {}
    for i, file in enumerate(plan["files"]):
        path = file["path"]
        if not path.endswith((".py", ".pyi")):
            if file["contract"].strip():
                say(f"files[{i}].contract", f"{path} is not a Python file, so its contract must be empty.")
            continue
        if path.endswith(".pyi"):
            say(f"files[{i}].path", f"{path}: plan .py files; contracts are not files of the project.")
            continue
        name = module_name(path)
        vet_path(f"files[{i}].path", path, name, names, say)
        tree, problem = parse(file["contract"])
        if problem:
            say(f"files[{i}].contract", f"{path}: the contract does not parse as Python (line {problem[0]}): {problem[1]}.")
        else:
            modules.append((f"files[{i}].contract", Module(path, tree)))
    for i, test in enumerate(plan["tests"]):
        # Cases as data, whatever the language.
        if test["path"].split("/")[-1] == "oracle.json":
            continue
        if not test["path"].endswith(".py"):
            say(f"tests[{i}].path", f"{test['path']} is not a Python file.")
        elif not all(part.isidentifier() for part in test["path"][:-3].split("/")):
            say(f"tests[{i}].path", f"{test['path']} cannot be imported: use letters, digits and underscores in names.")
    return modules


def existing_modules(existing):
    """Modules of the repository that the plan leaves as they are."""
    trees = [(path, parse(text)[0]) for path, text in existing.items()]
    return [Module(path, tree) for path, tree in trees if tree]


def vet_path(where, path, name, names, say):
    if not all(part.isidentifier() for part in name.split(".")):
        say(where, f"{path} cannot be imported: use letters, digits and underscores in names.")
    top = name.split(".")[0]
    if top in STDLIB and top != "__main__":
        say(where, f"{path} hides the standard library's module `{top}`; choose another name.")
    if name in names:
        say(where, f"{path} and {names[name]} are both the module `{name}`.")
    names[name] = path


def vet_statements(where, module, say):
    seen = set()
    for node in module.tree.body:
        if not isinstance(node, ALLOWED) or (isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)):
            say(where, f"{module.path} line {node.lineno}: a contract holds imports, signatures, classes and constants only, no {type(node).__name__} statement.")
        name = getattr(node, "name", "")
        if name and name in seen and not overloaded(node):
            say(where, f"{module.path} line {node.lineno}: `{name}` is declared twice.")
        seen.add(name)
        if isinstance(node, FUNCTIONS):
            vet_function(where, module, node, "", say)
        elif isinstance(node, ast.ClassDef):
            for item in node.body:
                if isinstance(item, FUNCTIONS):
                    vet_function(where, module, item, f"{node.name}.", say)


def overloaded(node):
    return bool({name_of(d) for d in getattr(node, "decorator_list", [])} & {"overload", "setter", "deleter", "register"})


def vet_function(where, module, node, prefix, say):
    name = f"{prefix}{node.name}"
    if not is_signature(node):
        say(where, f"{module.path} line {node.lineno}: `{name}` has a body; a contract gives the signature only, with `...` as the body.")
    if node.returns is None and node.name not in ("__init__", "__init_subclass__", "__post_init__"):
        say(where, f"{module.path} line {node.lineno}: `{name}` needs a return annotation.")


def is_signature(node):
    for item in node.body:
        if isinstance(item, ast.Pass):
            continue
        if isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant):
            continue
        return False
    return True


def vet_imports(where, module, world, say):
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if not world.known(alias.name):
                    say(where, f"{module.path} line {node.lineno}: `{alias.name}` is not a planned file, a planned package or in the standard library.")
        elif isinstance(node, ast.ImportFrom):
            name = module.absolute(node)
            if not world.known(name):
                say(where, f"{module.path} line {node.lineno}: `{name}` is not a planned file, a planned package or in the standard library.")
                continue
            for alias in node.names:
                if not world.provides(name, alias.name):
                    say(where, f"{module.path} line {node.lineno}: the contract of `{name}` has no `{alias.name}`.")


def vet_names(where, module, say):
    if module.has_star:
        return
    bound = all_bound(module.tree) | BUILTINS
    for name, line in sorted({(n, l) for n, l in loaded_names(module.tree) if n not in bound}, key=lambda pair: pair[1]):
        say(where, f"{module.path} line {line}: `{name}` is neither declared nor imported in this contract.")


def vet_uses(plan, existing, world, say):
    paths = {file["path"] for file in plan["files"]} | set(existing)
    for kind in ("files", "tests"):
        for i, item in enumerate(plan[kind]):
            for use in item["uses"]:
                named = {package["name"].lower() for package in plan["packages"]}
                if use in paths or use.lower() in named or world.known(use):
                    continue
                say(f"{kind}[{i}].uses", f"{item['path']} uses `{use}`, which is not a planned path or a planned package.")


def vet_cycles(modules, world, say):
    """Imports in a circle fail when the module is loaded (`from a import X` while `a` is not done)."""
    graph = {}
    for _, module in modules:
        targets = set()
        for node in module.tree.body:
            if isinstance(node, ast.ImportFrom):
                name = module.absolute(node)
                for alias in node.names:
                    deeper = f"{name}.{alias.name}"
                    targets.add(deeper if deeper in world.modules else name)
        graph[module.name] = sorted(t for t in targets if t in world.modules and t != module.name)
    circle = find_cycle(graph)
    if circle:
        where = next(where for where, module in modules if module.name == circle[0])
        say(where, f"These files import each other in a circle: {' -> '.join(circle)}. Move what they share to a file of its own.")


def find_cycle(graph):
    done = set()

    def walk(name, trail):
        if name in trail:
            return trail[trail.index(name):] + [name]
        if name in done:
            return None
        for target in graph.get(name, []):
            found = walk(target, trail + [name])
            if found:
                return found
        done.add(name)
        return None

    for start in sorted(graph):
        found = walk(start, [])
        if found:
            return found
    return None


