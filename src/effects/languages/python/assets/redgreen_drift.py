"""Where a file's code does not keep its contract."""
import ast

from redgreen_modules import FUNCTIONS, class_kind, decorators, fields, methods, name_of
from redgreen_signature import of_function


# Built-in exceptions without attributes that a contract may promise.
PLAIN_ERRORS = ("Exception", "ValueError", "TypeError", "RuntimeError", "LookupError", "KeyError", "IndexError", "ArithmeticError")


def drift(contract, code, world, say):
    """`contract` and `code` are Modules of one path; `say(line, code, message)`."""
    for name, promised in contract.exports.items():
        if isinstance(promised, tuple) or (name.startswith("_") and name != "__all__"):
            continue
        real = code.exports.get(name)
        if real is None:
            if not code.has_star:
                say(0, "missing-export", f"the contract promises `{name}`, which this file does not define")
        elif isinstance(promised, FUNCTIONS):
            function(name, promised, real, say)
        elif isinstance(promised, ast.ClassDef):
            class_(promised, real, contract, code, world, say)


def function(name, promised, real, say):
    if isinstance(real, ast.ClassDef):
        say(real.lineno, "contract-drift", f"`{name}` is a class; the contract promises a function")
    elif isinstance(real, FUNCTIONS):
        compare(name, promised, real, False, say)


def compare(name, promised, real, is_method, say):
    if isinstance(promised, ast.AsyncFunctionDef) != isinstance(real, ast.AsyncFunctionDef) and not iterates(promised):
        want = "async" if isinstance(promised, ast.AsyncFunctionDef) else "not async"
        say(real.lineno, "contract-drift", f"`{name}` must be {want}, as the contract says")
    if "overload" in decorators(promised) or "overload" in decorators(real):
        return
    skip = is_method and "staticmethod" not in decorators(promised)
    skip_real = is_method and "staticmethod" not in decorators(real)
    problem = of_function(real, skip_real).breaks(of_function(promised, skip))
    if problem:
        say(real.lineno, "contract-drift", f"`{name}` does not have the contract's signature: {problem}")


def iterates(node):
    """`def f() -> AsyncIterator` and `async def f() -> AsyncIterator` with yield are the same to a caller."""
    return node.returns is not None and name_of(node.returns) in ("AsyncIterator", "AsyncIterable", "AsyncGenerator")


def class_(promised, real, contract, code, world, say):
    name = promised.name
    if not isinstance(real, ast.ClassDef):
        if isinstance(real, FUNCTIONS):
            say(real.lineno, "contract-drift", f"`{name}` is a function; the contract promises a class")
        return
    want, got = class_kind(promised, contract, world), class_kind(real, code, world)
    if want in ("exception", "enum") and got != want:
        say(real.lineno, "contract-drift", f"`{name}` must be an {want} class, as the contract says")
    mine = chain(real, code, world)
    for method, node in methods(promised).items():
        found = next((methods(c)[method] for c in mine or [real] if method in methods(c)), None)
        if found is None:
            generated = method.startswith("__") and got in ("dataclass", "namedtuple", "enum")
            attribute = is_property(node) and sets(real, method)
            if mine is not None and not generated and not attribute:
                say(real.lineno, "contract-drift", f"`{name}.{method}` is promised by the contract but missing")
        elif is_property(node) != is_property(found):
            say(found.lineno, "contract-drift", f"`{name}.{method}` must {'be a property' if is_property(node) else 'be a method, not a property'}, as the contract says")
        elif not is_property(node):
            compare(f"{name}.{method}", node, found, True, say)
    if mine is not None:
        attributes(promised, real, mine, want, got, say)


def is_property(node):
    return bool(decorators(node) & {"property", "cached_property"})


def chain(node, module, world, depth=0):
    """A class and all its bases when every base is known here; else None."""
    found = [node]
    for base in node.bases:
        if name_of(base) in PLAIN_ERRORS or name_of(base) in ("object", "ABC", "Generic", "Protocol", "NamedTuple", "TypedDict", "Enum", "IntEnum", "StrEnum", "str", "int"):
            continue
        planned = world.lookup(module.name, name_of(base))
        if planned is None or not isinstance(planned[1], ast.ClassDef) or depth > 10:
            return None
        deeper = chain(planned[1], planned[0], world, depth + 1)
        if deeper is None:
            return None
        found.extend(deeper)
    return found


def attributes(promised, real, mine, want, got, say):
    names = [n for n, _, _ in fields(promised)]
    if want == "enum":
        names = [t.id for i in promised.body for t in ([i.target] if isinstance(i, ast.AnnAssign) else i.targets if isinstance(i, ast.Assign) else []) if isinstance(t, ast.Name)]
    for name in names:
        if not any(sets(c, name) for c in mine):
            say(real.lineno, "contract-drift", f"`{promised.name}.{name}` is promised by the contract but never set")
    if want == "dataclass" and got == "dataclass" and len(mine) == 1:
        order = [n for n, _, _ in fields(real) if n in names]
        if order != names and set(order) == set(names):
            say(real.lineno, "contract-drift", f"the fields of `{promised.name}` must come in the contract's order: {', '.join(names)}")


def sets(node, name):
    """Whether a class has an attribute: in its body, as a slot, or by assignment to it in a method."""
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute) and part.attr == name and isinstance(part.ctx, ast.Store):
            return True
        if isinstance(part, ast.Call) and any(isinstance(a, ast.Constant) and a.value == name for a in part.args):
            return True
    for item in node.body:
        targets = [item.target] if isinstance(item, ast.AnnAssign) else item.targets if isinstance(item, ast.Assign) else []
        if any(isinstance(t, ast.Name) and t.id == name for t in targets) or (isinstance(item, FUNCTIONS) and item.name == name):
            return True
    return False
