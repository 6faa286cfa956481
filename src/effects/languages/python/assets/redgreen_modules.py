"""What modules there are and what they export, from contracts or from code. Everything is read with `ast`."""
import ast
import builtins
import sys

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
BUILTINS = set(dir(builtins)) | {"__file__", "__name__", "__doc__", "__package__", "__spec__", "__path__", "__builtins__", "__annotations__", "__module__", "__qualname__", "__class__", "__debug__", "reveal_type"}
STDLIB = set(sys.stdlib_module_names)
# Packages whose import name is not their own name.
IMPORT_NAMES = {
    "pyyaml": "yaml", "pillow": "PIL", "beautifulsoup4": "bs4", "python-dateutil": "dateutil", "scikit-learn": "sklearn",
    "opencv-python": "cv2", "python-dotenv": "dotenv", "attrs": "attr", "pyjwt": "jwt", "protobuf": "google", "pyserial": "serial",
}


def parse(text):
    """The tree of a text and None, or None and (line, message)."""
    try:
        return ast.parse(text), None
    except SyntaxError as error:
        return None, (error.lineno or 0, error.msg or "invalid syntax")
    except (ValueError, RecursionError, MemoryError) as error:
        return None, (0, str(error) or "the file cannot be parsed")


def module_name(path):
    """`src/shop/price.py` and `shop/price.py` are both `shop.price`; `shop/__init__.py` is `shop`."""
    parts = path[:-3].split("/")
    if parts[0] == "src" and len(parts) > 1:
        parts = parts[1:]
    if parts[-1] == "__init__" and len(parts) > 1:
        parts = parts[:-1]
    return ".".join(parts)


class Module:
    def __init__(self, path, tree):
        self.path, self.tree = path, tree
        self.name = module_name(path)
        self.is_package = path.endswith("__init__.py")
        self.exports = {}
        self.has_star = False
        for node in top_level(tree.body):
            self.add(node)

    def add(self, node):
        if isinstance(node, FUNCTIONS + (ast.ClassDef,)):
            self.exports[node.name] = node
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                self.has_star = self.has_star or alias.name == "*"
                self.exports[alias.asname or alias.name.split(".")[0]] = (node, alias)
        else:
            for name in bound_names(node):
                self.exports.setdefault(name, node)

    def absolute(self, node):
        """The full module name of an ImportFrom, relative dots resolved."""
        if not node.level:
            return node.module or ""
        base = self.name.split(".") if self.is_package else self.name.split(".")[:-1]
        base = base[: len(base) - (node.level - 1)] if node.level > 1 else base
        return ".".join(base + ([node.module] if node.module else []))


def top_level(body):
    """Statements that run when a module is loaded, those below if, try and with too."""
    for node in body:
        yield node
        for part in ("body", "orelse", "finalbody", "handlers"):
            if isinstance(node, (ast.If, ast.Try, ast.With, ast.For, ast.While, ast.ExceptHandler)):
                yield from top_level(getattr(node, part, []))


def bound_names(node):
    """Names that a statement binds by assignment, a loop, a with or a handler."""
    targets = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.For, ast.AsyncFor)):
        targets = [node.target]
    elif isinstance(node, (ast.With, ast.AsyncWith)):
        targets = [item.optional_vars for item in node.items if item.optional_vars]
    for target in targets:
        for part in ast.walk(target):
            if isinstance(part, ast.Name):
                yield part.id


class World:
    """All modules that code may import."""

    def __init__(self, modules, packages, installed=()):
        self.modules = {module.name: module for module in modules}
        self.folders = {".".join(name.split(".")[:i]) for name in self.modules for i in range(1, len(name.split(".")))}
        names = {package["name"].split("[")[0].lower() for package in packages}
        self.packages = {IMPORT_NAMES.get(name, name.replace("-", "_")) for name in names} | {name.split("-")[0] for name in names} | set(installed)

    def known(self, name):
        """Whether `import name` can work, as far as that can be seen."""
        return name in self.modules or name in self.folders or self.foreign(name)

    def foreign(self, name):
        """Of the standard library or a package, about whose contents nothing is known here."""
        top = name.split(".")[0]
        if top in {module.split(".")[0] for module in self.modules}:
            return False
        return top in STDLIB or top.lower() in {p.lower() for p in self.packages}

    def provides(self, module, name):
        """Whether `from module import name` can work."""
        if module in self.modules:
            found = self.modules[module]
            return name == "*" or name in found.exports or found.has_star or "__getattr__" in found.exports or f"{module}.{name}" in self.modules or f"{module}.{name}" in self.folders
        if module in self.folders:
            return f"{module}.{name}" in self.modules or f"{module}.{name}" in self.folders
        return self.foreign(module)

    def lookup(self, module, name, depth=0):
        """The definition (a function, class or statement) behind `from module import name`, following re-exports; with its module. None when unknown."""
        found = self.modules.get(module)
        if found is None or depth > 10 or name not in found.exports:
            return None
        what = found.exports[name]
        if not isinstance(what, tuple):
            return found, what
        node, alias = what
        if isinstance(node, ast.ImportFrom):
            return self.lookup(found.absolute(node), alias.name, depth + 1)
        return None

    def exporters(self, name):
        """Modules that define `name` themselves."""
        return sorted(m.name for m in self.modules.values() if name in m.exports and not isinstance(m.exports[name], tuple) and not name.startswith("_"))


def name_of(node):
    """The last part of a dotted name: `typing.Optional` and `Optional` are both `Optional`; a call's function; else ''."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def decorators(node):
    return {name_of(d) for d in node.decorator_list}


def bases(node):
    return [name_of(base) for base in node.bases]


def is_exception(node, module, world, depth=0):
    """A class that (through planned classes) derives from a built-in exception."""
    for name in bases(node):
        builtin = getattr(builtins, name, None)
        if isinstance(builtin, type) and issubclass(builtin, BaseException):
            return True
        found = world.lookup(module.name, name)
        if found and depth < 10 and isinstance(found[1], ast.ClassDef) and is_exception(found[1], found[0], world, depth + 1):
            return True
        if found is None and name.endswith(("Error", "Exception")):
            return True
    return False


def class_kind(node, module, world, depth=0):
    """exception, enum, dataclass, namedtuple, typeddict, protocol or plain; a planned base decides when the class itself does not."""
    names = set(bases(node))
    if names & {"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"}:
        return "enum"
    if names & {"NamedTuple"}:
        return "namedtuple"
    if names & {"TypedDict"}:
        return "typeddict"
    if names & {"Protocol"}:
        return "protocol"
    if "dataclass" in decorators(node):
        return "dataclass"
    if is_exception(node, module, world):
        return "exception"
    for name in names:
        found = world.lookup(module.name, name)
        if found and depth < 10 and isinstance(found[1], ast.ClassDef):
            kind = class_kind(found[1], found[0], world, depth + 1)
            if kind in ("enum", "typeddict"):
                return kind
    return "plain"


def fields(node):
    """Annotated names of a class body that are instance fields, with annotation and default."""
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and name_of(item.annotation) != "ClassVar":
            yield item.target.id, item.annotation, item.value


def methods(node):
    """Methods by name; of overloads the last."""
    return {item.name: item for item in node.body if isinstance(item, FUNCTIONS)}


def unquoted(node):
    """An annotation with string annotations parsed."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            return ast.parse(node.value.strip(), mode="eval").body
        except (SyntaxError, ValueError):
            return node
    return node


def annotations(tree):
    """Every annotation in a tree."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.arg, ast.AnnAssign)) and node.annotation is not None:
            yield node.annotation
        elif isinstance(node, FUNCTIONS) and node.returns is not None:
            yield node.returns


def loaded_names(tree):
    """Names that are read, with their line; those inside string annotations too."""
    extra = []
    for annotation in annotations(tree):
        for part in ast.walk(annotation):
            parsed = unquoted(part)
            if parsed is not part and not in_literal(annotation, part):
                extra.extend((name.id, part.lineno) for name in ast.walk(parsed) if isinstance(name, ast.Name))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id, node.lineno
    yield from extra


def in_literal(annotation, part):
    """Strings in `Literal[...]` and in the metadata of `Annotated[...]` are values, not types."""
    for node in ast.walk(annotation):
        if isinstance(node, ast.Subscript) and name_of(node) in ("Literal", "Annotated") and any(child is part for child in ast.walk(node.slice)):
            return True
    return False


def all_bound(tree):
    """Every name that is bound anywhere in a tree, in whatever scope."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS + (ast.ClassDef,)):
            names.add(node.name)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update(alias.asname or alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            names.update(node.names)
        elif type(node).__name__ in ("MatchAs", "MatchStar", "TypeVar", "ParamSpec", "TypeVarTuple") and node.name:
            names.add(node.name)
        elif type(node).__name__ == "MatchMapping" and node.rest:
            names.add(node.rest)
    return names
