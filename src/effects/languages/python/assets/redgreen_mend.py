"""Mends what is mechanical in a Python file: code fences, wrong import paths, missing imports."""
import ast
import re

from redgreen_modules import BUILTINS, STDLIB, Module, all_bound, loaded_names, parse

KNOWN = {
    "typing": "Any Callable ClassVar Final Generic Literal NamedTuple NoReturn Optional Protocol Self TypeVar TypedDict Union cast overload TYPE_CHECKING Annotated".split(),
    "collections.abc": "AsyncIterator Awaitable Generator Iterable Iterator Mapping MutableMapping MutableSequence Sequence Coroutine".split(),
    "collections": "Counter OrderedDict defaultdict deque namedtuple".split(),
    "dataclasses": "asdict dataclass field".split(),
    "enum": "Enum IntEnum StrEnum auto".split(),
    "pathlib": ["Path"],
    "decimal": ["Decimal"],
    "fractions": ["Fraction"],
    "contextlib": "contextmanager redirect_stdout redirect_stderr suppress ExitStack".split(),
    "functools": "lru_cache partial reduce wraps cached_property".split(),
    "abc": ["ABC", "abstractmethod"],
    "io": ["StringIO", "BytesIO"],
    "unittest.mock": ["patch", "MagicMock"],
}
SOURCES = {name: module for module, names in KNOWN.items() for name in names}


def mend(path, text, world):
    """The mended text and what was done to it, in words."""
    fixes = []
    text = without_fence(text, fixes)
    tree, problem = parse(text)
    if problem:
        return text, fixes
    module = Module(path, tree)
    text = fix_import_paths(text, module, world, fixes)
    tree, problem = parse(text)
    if problem:
        return text, fixes
    return add_imports(text, Module(path, tree), world, fixes), fixes


def without_fence(text, fixes):
    match = re.match(r"\s*```[\w+-]*\n(.*?)\n```\s*\Z", text, re.DOTALL)
    if match is None:
        return text
    fixes.append("removed the code fence around the file")
    return match.group(1) + "\n"


def fix_import_paths(text, module, world, fixes):
    lines = text.split("\n")
    nodes = [n for n in ast.walk(module.tree) if isinstance(n, (ast.Import, ast.ImportFrom))]
    for node in sorted(nodes, key=lambda n: -n.lineno):
        new = fixed_import(node, module, world, fixes) if alone(node, lines) else None
        if new is not None:
            indent = " " * node.col_offset
            lines[node.lineno - 1 : node.end_lineno] = [indent + line for line in new]
    return "\n".join(lines)


def alone(node, lines):
    """The statement has its lines to itself."""
    before = lines[node.lineno - 1][: node.col_offset]
    after = lines[node.end_lineno - 1].encode()[node.end_col_offset :].decode()
    return before.strip() == "" and (after.strip() == "" or after.strip().startswith("#"))


def fixed_import(node, module, world, fixes):
    """New lines for an import that cannot work, when there is exactly one planned place that it can mean; else None."""
    if isinstance(node, ast.Import):
        return fixed_plain(node, world, fixes)
    name = module.absolute(node)
    missing = [a for a in node.names if not world.provides(name, a.name)]
    if not missing:
        return None
    homes = {a.name: [m for m in world.exporters(a.name) if m != module.name] for a in missing}
    if any(len(found) != 1 for found in homes.values()):
        return None
    kept = [a for a in node.names if a not in missing]
    source = "." * node.level + (node.module or "")
    new = [f"from {source} import {', '.join(map(ast.unparse, kept))}"] if kept else []
    for alias in missing:
        home = homes[alias.name][0]
        new.append(f"from {home} import {ast.unparse(alias)}")
        fixes.append(f"`{alias.name}` is imported from `{home}`, not from `{source}`")
    return new


def fixed_plain(node, world, fixes):
    if len(node.names) != 1 or world.known(node.names[0].name):
        return None
    alias = node.names[0]
    homes = [m for m in world.modules if m.endswith("." + alias.name) and "." not in alias.name]
    if len(homes) != 1:
        return None
    package = homes[0].rpartition(".")[0]
    fixes.append(f"`{alias.name}` is imported from the package `{package}`")
    return [f"from {package} import {ast.unparse(alias)}"]


def add_imports(text, module, world, fixes):
    if module.has_star:
        return text
    bound = all_bound(module.tree) | BUILTINS
    new = []
    for name in sorted({n for n, _ in loaded_names(module.tree) if n not in bound}):
        line = import_for(name, module, world)
        if line is not None:
            new.append(line)
            fixes.append(f"added `{line}`")
    if not new:
        return text
    lines = text.split("\n")
    at = place(module.tree, lines)
    lines[at:at] = new
    return "\n".join(lines)


def import_for(name, module, world):
    homes = [m for m in world.exporters(name) if m != module.name and m.split(".")[-1] != "__main__" and not is_test(world.modules[m].path)]
    if len(homes) == 1:
        return None if imports(world.modules[homes[0]], module.name) else f"from {homes[0]} import {name}"
    if homes:
        return None
    if name in SOURCES:
        return f"from {SOURCES[name]} import {name}"
    attributes = any(isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == name for n in ast.walk(module.tree))
    if name in STDLIB and attributes and name not in world.modules:
        return f"import {name}"
    return None


def is_test(path):
    return path.split("/")[-1].startswith("test_") or path.endswith(("_test.py", "conftest.py"))


def imports(module, name):
    """Whether `module` imports `name` itself: an import back would be a circle."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and (module.absolute(node) == name or any(f"{module.absolute(node)}.{a.name}" == name for a in node.names)):
            return True
        if isinstance(node, ast.Import) and any(a.name == name for a in node.names):
            return True
    return False


def place(tree, lines):
    """The line before which imports are added: below `#!`, the docstring and `from __future__`."""
    at = next((i for i, line in enumerate(lines) if not line.startswith("#")), 0)
    for i, node in enumerate(tree.body):
        docstring = i == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not docstring and not future:
            break
        at = node.end_lineno
    return at
