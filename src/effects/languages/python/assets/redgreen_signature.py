"""Whether calls fit signatures, and whether one signature keeps the promises of another."""
import ast

from redgreen_modules import FUNCTIONS, class_kind, decorators, fields, methods, name_of

TRANSPARENT = {"staticmethod", "classmethod", "abstractmethod", "override", "final", "cache", "lru_cache", "contextmanager", "asynccontextmanager", "wraps"}


class Signature:
    """`positional` are (name, required) that may be given by position; `keyword` those by keyword only."""

    def __init__(self, positional, keyword, positional_only=0, vararg=False, kwarg=False):
        self.positional, self.keyword, self.positional_only = positional, keyword, positional_only
        self.vararg, self.kwarg = vararg, kwarg

    def names(self):
        return {n for n, _ in self.positional[self.positional_only:]} | {n for n, _ in self.keyword}

    def wrong_call(self, call):
        """What is wrong with a call, in words; None when nothing is, or when it cannot be seen (`*args`)."""
        if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
            return None
        given = len(call.args)
        if given > len(self.positional) and not self.vararg:
            return f"takes {count(len(self.positional), 'positional argument')} but {given} are given"
        by_name = {k.arg for k in call.keywords}
        for name, required in self.positional[given:] + self.keyword:
            if required and name not in by_name:
                return f"is called without the argument `{name}`"
        unknown = sorted(by_name - self.names())
        if unknown and not self.kwarg:
            return f"has no parameter `{unknown[0]}`"
        twice = sorted(by_name & {n for n, _ in self.positional[:given]})
        return f"is given `{twice[0]}` twice" if twice else None

    def breaks(self, promised):
        """Why a call that fits `promised` may not fit this; None when every such call fits."""
        for i, (name, required) in enumerate(promised.positional):
            if i < len(self.positional):
                mine, needed = self.positional[i]
                if mine != name and i >= promised.positional_only and not self.kwarg:
                    return f"parameter {i + 1} is `{mine}` instead of `{name}`"
                if needed and not required:
                    return f"`{name}` must be optional"
            elif not self.vararg:
                return f"the parameter `{name}` is missing"
        extra = [n for n, needed in self.positional[len(promised.positional):] + self.keyword if needed and n not in {k for k, _ in promised.keyword}]
        if extra:
            return f"the parameter `{extra[0]}` is required but not part of the contract"
        mine = dict(self.positional[self.positional_only:] + self.keyword)
        for name, required in promised.keyword:
            if name not in mine and not self.kwarg:
                return f"the keyword parameter `{name}` is missing"
            if mine.get(name, False) and not required:
                return f"`{name}` must be optional"
        return None


def count(n, what):
    return f"{n} {what}{'' if n == 1 else 's'}"


def of_function(node, skip_first=False):
    args = node.args
    plain = [*args.posonlyargs, *args.args]
    needed = len(plain) - len(args.defaults)
    positional = [(a.arg, i < needed) for i, a in enumerate(plain)]
    only = len(args.posonlyargs)
    if skip_first and positional:
        positional, only = positional[1:], max(0, only - 1)
    keyword = [(a.arg, d is None) for a, d in zip(args.kwonlyargs, args.kw_defaults)]
    return Signature(positional, keyword, only, args.vararg is not None, args.kwarg is not None)


def of_definition(found, world):
    """The signature behind a (module, definition), or None when it cannot be told."""
    if not found:
        return None
    module, node = found
    if isinstance(node, FUNCTIONS):
        return of_function(node) if decorators(node) <= TRANSPARENT and not overloaded(module, node.name) else None
    return of_class(module, node, world) if isinstance(node, ast.ClassDef) else None


def overloaded(module, name):
    return sum(isinstance(n, FUNCTIONS) and n.name == name for n in ast.walk(module.tree)) > 1


def of_class(module, node, world, depth=0):
    if node.keywords or "__new__" in methods(node) or depth > 10:
        return None
    kind = class_kind(node, module, world)
    own = methods(node).get("__init__")
    if own is not None:
        return of_function(own, True)
    if kind in ("dataclass", "namedtuple"):
        return of_fields(module, node, kind, world)
    if kind != "plain" or node.decorator_list:
        return None
    if not node.bases:
        return Signature([], [])
    base = world.lookup(module.name, name_of(node.bases[0])) if len(node.bases) == 1 else None
    return of_class(base[0], base[1], world, depth + 1) if base and isinstance(base[1], ast.ClassDef) else None


def of_fields(module, node, kind, world):
    """The constructor that a dataclass or a named tuple gets from its fields; None when options make it differ."""
    simple_bases = kind == "namedtuple" or not node.bases
    options = [d for d in node.decorator_list if isinstance(d, ast.Call) for k in d.keywords if k.arg in ("kw_only", "init")]
    if not simple_bases or options:
        return None
    found = []
    for name, annotation, default in fields(node):
        if name_of(annotation) == "KW_ONLY" or (isinstance(default, ast.Call) and any(k.arg in ("init", "kw_only") for k in default.keywords)):
            return None
        needs = default is None or (isinstance(default, ast.Call) and name_of(default) == "field" and not {k.arg for k in default.keywords} & {"default", "default_factory"})
        found.append((name, needs))
    return Signature(found, [])
