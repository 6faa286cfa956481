"""Stubs made from contracts: `throwing` raises in every function, `wrong` returns values of the right type that are not the right ones."""
import ast

from redgreen_modules import FUNCTIONS, Module, World, class_kind, decorators, fields, name_of, parse
from redgreen_wrong import wrong

KEPT_CALLS = ("TypeVar", "NewType", "ParamSpec", "TypeVarTuple", "namedtuple", "NamedTuple", "TypedDict", "Enum")


def stubs(question):
    plan = question["plan"]
    modules = []
    for file in plan["files"]:
        if file["path"].endswith(".py"):
            tree, _ = parse(file["contract"])
            modules.append(Module(file["path"], tree or ast.Module(body=[], type_ignores=[])))
    world = World(modules, plan["packages"])
    maker = Maker(question["kind"], question["marker"], world)
    return {module.path: maker.module(module) for module in modules}


class Maker:
    def __init__(self, kind, marker, world):
        self.kind, self.marker, self.world = kind, marker, world

    def module(self, module):
        body = [node for node in module.tree.body if not is_future(node)]
        lines = ["from __future__ import annotations", ""]
        later = []
        for node in without_overloads(body):
            if isinstance(node, ast.ClassDef):
                lines.append(self.class_(node, module))
                later.append(self.maker(node, module))
            else:
                lines.append(self.statement(node, module))
        # Constants may hold planned instances, whose makers must exist by then.
        constants = [line for line in lines if line.startswith(LATE)]
        lines = [line for line in lines if not line.startswith(LATE)]
        return "\n".join(lines + later + [line.removeprefix(LATE) for line in constants]) + "\n"

    def statement(self, node, module):
        if isinstance(node, FUNCTIONS):
            return ast.unparse(self.function(node, module, "", "None"))
        if isinstance(node, ast.AnnAssign):
            if name_of(node.annotation) in ("TypeAlias",):
                return ast.unparse(node)
            value = self.constant(node, module)
            return f"{LATE if '_redgreen_wrong_' in value else ''}{ast.unparse(node.target)} = {value}"
        if isinstance(node, ast.Assign) and not keeps_value(node):
            return f"{' = '.join(ast.unparse(t) for t in node.targets)} = {literal(node.value)}"
        if isinstance(node, ast.Expr):
            return ""
        return ast.unparse(node)

    def constant(self, node, module):
        if name_of(node.annotation) == "Final" and not isinstance(node.annotation, ast.Subscript):
            return literal(node.value)
        return wrong(node.annotation, module, self.world)

    def function(self, node, module, owner, here):
        """The function with a stub's body."""
        made = type(node)(**{field: getattr(node, field, None) for field in node._fields})
        made.decorator_list = [d for d in node.decorator_list if name_of(d) != "overload"]
        made.body = ast.parse(self.body(node, module, owner, here)).body
        return ast.fix_missing_locations(made)

    def body(self, node, module, owner, here):
        name = f"{owner}.{node.name}" if owner else node.name
        if self.kind == "throwing":
            stop = f"raise RuntimeError({f'{self.marker} ({module.path}: {name})'!r})"
            return f"{stop}\nyield" if is_async_generator(node) else stop
        if node.name in ("__init__", "__post_init__", "__init_subclass__"):
            return "pass"
        if node.name == "__len__":
            return "return 987654"
        if decorators(node) & {"contextmanager", "asynccontextmanager"}:
            return f"yield {wrong(item_of(node.returns), module, self.world, here)}"
        if is_async_generator(node):
            return "return\nyield"
        if name_of(node.returns) in ("AsyncIterator", "AsyncIterable", "AsyncGenerator") if node.returns is not None else False:
            return "async def nothing():\n    return\n    yield\nreturn nothing()"
        value = wrong(node.returns, module, self.world, here)
        if name_of(node.returns) in ("Awaitable", "Coroutine") if node.returns is not None else False:
            return f"async def value():\n    return {value}\nreturn value()"
        return f"return {value}"

    def class_(self, node, module):
        kind = class_kind(node, module, self.world)
        made = ast.ClassDef(name=node.name, bases=node.bases, keywords=node.keywords, decorator_list=node.decorator_list, body=[], type_params=getattr(node, "type_params", []))
        for item in without_overloads(node.body):
            made.body.extend(self.member(item, node, kind, module))
        has_init = any(isinstance(item, FUNCTIONS) and item.name == "__init__" for item in node.body)
        if kind == "plain" and self.kind == "throwing" and not has_init and not decorators(node):
            stop = f"raise RuntimeError({f'{self.marker} ({module.path}: {node.name})'!r})"
            made.body.extend(ast.parse(f"def __init__(self, *args, **kwargs):\n    {stop}").body)
        made.body = made.body or [ast.Pass()]
        return ast.unparse(ast.fix_missing_locations(made))

    def member(self, item, node, kind, module):
        """The statements that stand for one statement of a class body."""
        if isinstance(item, FUNCTIONS):
            if kind == "protocol":
                return [item]
            if kind == "exception":
                return ast.parse(proper(item, node)).body if item.name == "__init__" else [self.function(item, module, node.name, "self")]
            static = decorators(item) & {"classmethod", "staticmethod"}
            return [self.function(item, module, node.name, f"_redgreen_wrong_{node.name}()" if static else "self")]
        if isinstance(item, ast.Expr):
            return []
        if kind == "enum":
            return enum_member(item)
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            return ast.parse(self.field(item, kind, module)).body
        return [item]

    def field(self, item, kind, module):
        name, annotation = item.target.id, ast.unparse(item.annotation)
        if kind in ("typeddict", "protocol", "exception"):
            return f"{name}: {annotation}"
        if kind in ("dataclass", "namedtuple") and name_of(item.annotation) != "ClassVar":
            return f"{name}: {annotation}{self.default(item, kind, module)}"
        value = wrong(item.annotation, module, self.world)
        # An instance of a planned class cannot be made while the module loads.
        return f"{name}: {annotation} = {'None' if '_redgreen_wrong_' in value else value}"

    def default(self, item, kind, module):
        """Defaults are part of a contract; one that is left out (`...`) becomes a wrong value."""
        if item.value is None:
            return ""
        if not (isinstance(item.value, ast.Constant) and item.value.value is Ellipsis):
            return f" = {ast.unparse(item.value)}"
        value = wrong(item.annotation, module, self.world)
        return f" = __import__('dataclasses').field(default_factory=lambda: {value})" if kind == "dataclass" else " = None" if "_redgreen_wrong_" in value else f" = {value}"

    def maker(self, node, module):
        """A function that makes a wrong instance of a class; other stubs call it."""
        kind = class_kind(node, module, self.world)
        name = node.name
        if kind == "enum":
            make = f"list({name})[-1]"
        elif kind == "exception":
            make = f"{name}.__new__({name}, 'redgreen-wrong')"
        elif kind in ("dataclass", "namedtuple", "typeddict"):
            make = self.instance(node, kind, module)
        else:
            make = f"object.__new__({name})"
        lines = [f"def _redgreen_wrong_{name}(depth=0):", "    if depth > 4:", "        return None", "    try:", f"        {make}", "    except TypeError:", "        return None"]
        if not make.startswith("made = "):
            lines[4] = f"        return {make}"
        else:
            lines[4:5] = [f"        {line}" for line in make.split("\n")]
        return "\n".join(lines) + "\n"

    def instance(self, node, kind, module):
        values = [(n, wrong(a, owner, self.world, "None", "depth")) for owner, c in self.chain(node, module) for n, a, _ in fields(c)]
        values = list(dict(values).items())
        if kind == "dataclass":
            # Past __init__ and __post_init__, which are stubs themselves.
            sets = "\n".join(f"object.__setattr__(made, {n!r}, {v})" for n, v in values)
            return f"made = object.__new__({node.name})\n{sets}\nreturn made" if sets else f"made = object.__new__({node.name})\nreturn made"
        return f"{node.name}({', '.join(f'{n}={v}' for n, v in values)})"

    def chain(self, node, module, depth=0):
        """A class and its planned bases, bases first."""
        found = []
        for base in node.bases:
            planned = self.world.lookup(module.name, name_of(base))
            if planned and isinstance(planned[1], ast.ClassDef) and depth < 10:
                found.extend(self.chain(planned[1], planned[0], depth + 1))
        return [*found, (module, node)]


LATE = "\0"


def is_future(node):
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def without_overloads(body):
    """Of several overloads of a function the last stays; a definition that is no overload replaces them."""
    last = {}
    for node in body:
        if isinstance(node, FUNCTIONS) and not decorators(node) & {"setter", "deleter", "register"}:
            last[node.name] = node
    return [n for n in body if not isinstance(n, FUNCTIONS) or decorators(n) & {"setter", "deleter", "register"} or last[n.name] is n]


def keeps_value(node):
    """Type aliases and the like are declarations, not values."""
    names = [t.id for t in node.targets if isinstance(t, ast.Name)]
    if any(n.startswith("__") for n in names):
        return True
    value = node.value
    if isinstance(value, ast.Call):
        return name_of(value) in KEPT_CALLS
    return isinstance(value, (ast.Subscript, ast.Name, ast.Attribute)) or (isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr))


def literal(value):
    """A wrong value of the same type as a literal."""
    if isinstance(value, ast.UnaryOp):
        value = value.operand
    if isinstance(value, ast.Constant):
        kinds = ((bool, repr(not value.value) if isinstance(value.value, bool) else ""), (int, "-987654321"), (float, "-987654321.5"), (str, "'redgreen-wrong'"), (bytes, "b'redgreen-wrong'"))
        return next((text for kind, text in kinds if isinstance(value.value, kind)), "None")
    return next((text for kind, text in ((ast.List, "[]"), (ast.Dict, "{}"), (ast.Tuple, "()"), (ast.Set, "set()")) if isinstance(value, kind)), "None")


def is_async_generator(node):
    return isinstance(node, ast.AsyncFunctionDef) and node.returns is not None and name_of(node.returns) in ("AsyncIterator", "AsyncIterable", "AsyncGenerator")


def item_of(annotation):
    """`T` of `Iterator[T]` or `Generator[T, S, R]`."""
    if not isinstance(annotation, ast.Subscript):
        return None
    return annotation.slice.elts[0] if isinstance(annotation.slice, ast.Tuple) else annotation.slice


def proper(item, node):
    """The constructor of an exception that works: the arguments are kept, and those that are declared become attributes."""
    args = item.args
    names = [a.arg for a in [*args.posonlyargs, *args.args, *args.kwonlyargs]][1:]
    rest = f", *{args.vararg.arg}" if args.vararg else ""
    sets = "".join(f"\n    self.{n} = {n}" for n in names)
    positional = ", ".join(names)
    return f"def __init__({ast.unparse(args)}):\n    Exception.__init__(self{', ' if positional else ''}{positional}{rest}){sets}"


def enum_member(item):
    """A member's value is kept; one that is left out is made up."""
    target = item.target if isinstance(item, ast.AnnAssign) else item.targets[0] if isinstance(item, ast.Assign) else None
    if not isinstance(target, ast.Name):
        return [item]
    value = item.value
    missing = value is None or (isinstance(value, ast.Constant) and value.value is Ellipsis)
    return ast.parse(f"{target.id} = {f'__import__({chr(34)}enum{chr(34)}).auto()' if missing else ast.unparse(value)}").body
