"""Wrong values of the right type: the source of an expression for an annotation."""
import ast

from redgreen_modules import name_of, unquoted

SIMPLE = {
    "int": "-987654321", "float": "-987654321.5", "complex": "-987654321j", "str": "'redgreen-wrong'", "AnyStr": "'redgreen-wrong'", "LiteralString": "'redgreen-wrong'",
    "bytes": "b'redgreen-wrong'", "bytearray": "bytearray(b'redgreen-wrong')", "bool": "False", "None": "None", "NoReturn": "None", "Never": "None",
    "list": "[]", "List": "[]", "Sequence": "[]", "MutableSequence": "[]", "Collection": "[]", "Sized": "[]", "Reversible": "[]",
    "dict": "{}", "Dict": "{}", "Mapping": "{}", "MutableMapping": "{}", "OrderedDict": "__import__('collections').OrderedDict()",
    "defaultdict": "__import__('collections').defaultdict(lambda: None)", "DefaultDict": "__import__('collections').defaultdict(lambda: None)",
    "Counter": "__import__('collections').Counter()", "deque": "__import__('collections').deque()", "Deque": "__import__('collections').deque()",
    "set": "set()", "Set": "set()", "AbstractSet": "set()", "MutableSet": "set()", "frozenset": "frozenset()", "FrozenSet": "frozenset()",
    "Iterator": "iter([])", "Iterable": "iter([])", "Generator": "iter([])",
    "Path": "__import__('pathlib').Path('redgreen-wrong')", "PurePath": "__import__('pathlib').PurePath('redgreen-wrong')", "PathLike": "__import__('pathlib').Path('redgreen-wrong')",
    "datetime": "__import__('datetime').datetime(1901, 2, 3)", "date": "__import__('datetime').date(1901, 2, 3)", "time": "__import__('datetime').time(1, 2, 3)",
    "timedelta": "__import__('datetime').timedelta(days=-98765)", "Decimal": "__import__('decimal').Decimal('-987654321')",
    "Fraction": "__import__('fractions').Fraction(-987654321, 2)", "UUID": "__import__('uuid').UUID(int=987654321)",
    "IO": "__import__('io').StringIO('redgreen-wrong')", "TextIO": "__import__('io').StringIO('redgreen-wrong')", "StringIO": "__import__('io').StringIO('redgreen-wrong')",
    "BinaryIO": "__import__('io').BytesIO(b'redgreen-wrong')", "BytesIO": "__import__('io').BytesIO(b'redgreen-wrong')",
    "Pattern": "__import__('re').compile('redgreen-wrong')", "Any": "'redgreen-wrong'", "object": "'redgreen-wrong'", "Hashable": "'redgreen-wrong'",
    "Namespace": "__import__('argparse').Namespace()", "ArgumentParser": "__import__('argparse').ArgumentParser(exit_on_error=False)",
}
WRAPPERS = {"Final", "Annotated", "Required", "NotRequired", "ReadOnly", "ClassVar", "Awaitable", "InitVar"}


def wrong(annotation, module, world, here="None", depth="0"):
    """`here` is the source of `Self`; `depth` the source of how deep nested instances are."""

    def again(node):
        return wrong(node, module, world, here, depth)

    if annotation is None:
        return "None"
    node = unquoted(annotation)
    if isinstance(node, ast.Constant):
        return "None" if node.value is None else repr(node.value)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return union(flatten(node), again)
    if isinstance(node, ast.Subscript):
        return subscript(node, again)
    name = name_of(node)
    if name == "Self":
        return here
    planned = world.lookup(module.name, name) if isinstance(node, ast.Name) else dotted(node, module, world)
    if planned:
        return of_planned(planned, name, module, world, here, depth)
    if name in ("tuple", "Tuple"):
        return "()"
    if name in ("Callable",):
        return "(lambda *args, **kwargs: None)"
    return SIMPLE.get(name, "None")


def subscript(node, again):
    name = name_of(node)
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name == "Optional":
        return "None"
    if name == "Union":
        return union(parts, again)
    if name == "Literal":
        return "'redgreen-wrong'" if all(isinstance(p, ast.Constant) and isinstance(p.value, str) for p in parts) else "-987654321"
    if name in ("tuple", "Tuple"):
        if any(isinstance(p, ast.Constant) and p.value is Ellipsis for p in parts) or (len(parts) == 1 and isinstance(node.slice, ast.Tuple) and not parts):
            return "()"
        return f"({''.join(again(p) + ', ' for p in parts)})"
    if name == "Callable":
        return f"(lambda *args, **kwargs: {again(parts[-1])})"
    if name in ("type", "Type"):
        return ast.unparse(parts[0])
    if name in WRAPPERS:
        return again(parts[0])
    if name in ("Coroutine",):
        return again(parts[-1])
    return again(node.value)


def union(parts, again):
    if any((isinstance(p, ast.Constant) and p.value is None) or name_of(p) == "Optional" for p in parts):
        return "None"
    return again(parts[0])


def flatten(node):
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return flatten(node.left) + flatten(node.right)
    return [node]


def dotted(node, module, world):
    """`model.Row` where `model` is an imported planned module."""
    if not isinstance(node, ast.Attribute):
        return None
    source = ast.unparse(node.value)
    for candidate in (source, *(f"{module.absolute(n)}.{a.name}" for n, a in imports(module) if (a.asname or a.name) == source)):
        found = world.lookup(candidate, node.attr)
        if found:
            return found
    return None


def imports(module):
    return [what for what in module.exports.values() if isinstance(what, tuple) and isinstance(what[0], ast.ImportFrom)]


def of_planned(planned, name, module, world, here, depth):
    owner, definition = planned
    if isinstance(definition, ast.ClassDef):
        call = f"_redgreen_wrong_{definition.name}({depth} + 1)"
        if owner.name == module.name:
            return call
        return f"__import__('importlib').import_module({owner.name!r}).{call}"
    value = getattr(definition, "value", None)
    if isinstance(definition, (ast.Assign, ast.AnnAssign)) and value is not None and name_of(value) not in ("TypeVar", "NewType", "ParamSpec"):
        if isinstance(value, (ast.Subscript, ast.BinOp, ast.Name, ast.Attribute)) and name_of(value) != name:
            return wrong(value, owner, world, here, depth)
    if isinstance(value, ast.Call) and name_of(value) == "NewType" and len(value.args) == 2:
        return wrong(value.args[1], owner, world, here, depth)
    return "'redgreen-wrong'"
