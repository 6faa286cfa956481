"""Candidates for mutants of Python code: small replacements in a file's text, each with what happens otherwise in words."""
import ast
import re

from redgreen_modules import FUNCTIONS, parse
from redgreen_words import Words, constant

LIMITS = {ast.Lt: ("<", "<=", "below"), ast.LtE: ("<=", "<", "above"), ast.Gt: (">", ">=", "above"), ast.GtE: (">=", ">", "below")}
OPPOSITE = {ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.In: ("in", "not in"), ast.NotIn: ("not in", "in"), ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is")}
ARITHMETIC = {ast.Add: ("+", "-", "the sum", "the difference"), ast.Sub: ("-", "+", "the difference", "the sum"), ast.Mult: ("*", "+", "the product", "the sum"), ast.Div: ("/", "*", "the quotient", "the product"), ast.FloorDiv: ("//", "*", "the whole quotient", "the product"), ast.Mod: ("%", "*", "the remainder", "the product")}
CHAINED = {
    "strip": "blanks around X are kept", "lstrip": "what stands before X is kept", "rstrip": "what stands after X is kept", "lower": "X keeps its upper case",
    "upper": "X keeps its lower case", "casefold": "X keeps its upper case", "replace": "nothing is replaced in X", "zfill": "X is not padded", "rjust": "X is not padded", "ljust": "X is not padded",
}
UNWRAPPED = {"sorted": "X is not put in order", "reversed": "the order of X is not reversed", "abs": "the sign of X is kept", "round": "X is not rounded"}
COPIES = {"list", "dict", "set"}
TWINS = {
    "min": ("max", "the largest is taken instead of the smallest of X"), "max": ("min", "the smallest is taken instead of the largest of X"),
    "any": ("all", "all of X must hold where one is enough"), "all": ("any", "one of X is enough where all must hold"),
    "startswith": ("endswith", "the end of X is looked at instead of its start"), "endswith": ("startswith", "the start of X is looked at instead of its end"),
    "find": ("rfind", "the last place in X counts instead of the first"), "rfind": ("find", "the first place in X counts instead of the last"),
    "floor": ("ceil", "X is rounded up instead of down"), "ceil": ("floor", "X is rounded down instead of up"),
}
LOGS = re.compile(r"^(logging|logger|log|warnings|_logger|_log)\.")
IDLE = re.compile(r"timeout|delay|sleep|retries|buffer|indent", re.I)


def mutants(question):
    found = []
    for path, text in question["files"].items():
        tree, _ = parse(text)
        if tree is not None:
            found.extend(File(path, text, tree).candidates())
    return found


class File:
    def __init__(self, path, text, tree):
        self.path, self.text, self.tree = path, text, tree
        lines = text.encode().split(b"\n")
        self.starts = [0]
        for line in lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.bytes = text.encode()
        self.found, self.seen = [], set()
        for node in ast.walk(tree):
            for child in ast.iter_child_nodes(node):
                child.parent = node
        self.imported = {alias.asname or alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names}
        self.top = {node.name: node for node in tree.body if isinstance(node, FUNCTIONS + (ast.ClassDef,))}
        methods = {item.name for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_") for item in node.body if isinstance(item, FUNCTIONS)}
        self.known = {name for name in set(self.top) | self.imported | methods if not name.startswith("_")}

    def candidates(self):
        for node in self.tree.body:
            self.walk(node, None, "module")
        return self.found

    def walk(self, node, owner, inside):
        if self.untouchable(node):
            return
        if isinstance(node, FUNCTIONS + (ast.ClassDef,)):
            if owner is None or isinstance(owner, ast.ClassDef):
                inside = f"{inside}.{node.name}" if isinstance(owner, ast.ClassDef) else node.name
                owner = node
        self.words = self.words_of(owner)
        for change in operators(self, node):
            self.add(node, owner, inside, *change)
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "type_params", "bases", "keywords") and not isinstance(node, ast.Call):
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    self.walk(child, owner, inside)

    def words_of(self, owner):
        made = {t.id: ("is", node.value) for node in self.tree.body if isinstance(node, ast.Assign) for t in node.targets if isinstance(t, ast.Name)}
        if not isinstance(owner, FUNCTIONS):
            return Words(self.known, set(), made)
        args = owner.args
        params = {a.arg for a in [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg] if a is not None}
        own = set()
        for node in ast.walk(owner):
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                made[name] = None if name in own else ("is", node.value)
                own.add(name)
            elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
                made.update({part.id: ("each", node.iter) for part in ast.walk(node.target) if isinstance(part, ast.Name)})
        return Words(self.known, params, made)

    def untouchable(self, node):
        if isinstance(node, (ast.Import, ast.ImportFrom, ast.Assert, ast.JoinedStr, ast.Global, ast.Nonlocal)):
            return True
        if isinstance(node, ast.If):
            return bool(re.search(r"__name__|TYPE_CHECKING", ast.unparse(node.test)))
        if isinstance(node, ast.Assign):
            return any(isinstance(t, ast.Name) and t.id.startswith("__") for t in node.targets)
        if isinstance(node, ast.Expr):
            return isinstance(node.value, ast.Constant) or (isinstance(node.value, ast.Call) and bool(LOGS.match(ast.unparse(node.value.func))))
        return False

    def at(self, line, column):
        return self.starts[line - 1] + column

    def span(self, node):
        return self.at(node.lineno, node.col_offset), self.at(node.end_lineno, node.end_col_offset)

    def source(self, node):
        start, end = self.span(node)
        return self.between(start, end)

    def between(self, start, end):
        return self.bytes[start:end].decode()

    def units(self, at):
        """A byte offset as an offset in UTF-16 code units."""
        return len(self.bytes[:at].decode().encode("utf-16-le")) // 2

    def add(self, node, owner, inside, span, replacement, operator, rank, what):
        start, end = span
        key = (start, end, replacement)
        if key in self.seen or self.between(start, end) == replacement:
            return
        self.seen.add(key)
        changed = (self.bytes[:start] + replacement.encode() + self.bytes[end:]).decode()
        if parse(changed)[0] is None:
            return
        line = self.bytes[:start].count(b"\n") + 1
        size = owner.end_lineno - owner.lineno + 1 if isinstance(owner, FUNCTIONS) else 2
        behaviour = f"{self.served(inside)}{self.context(node)}{what}"
        behaviour = behaviour if len(behaviour) <= 360 else behaviour[:359] + "…"
        self.found.append({"path": self.path, "line": line, "inside": inside, "operator": operator, "behaviour": behaviour, "start": self.units(start), "end": self.units(end), "replacement": replacement, "rank": rank, "size": size})

    def served(self, inside):
        """For a helper: whose work it does."""
        name = inside.split(".")[0]
        if not name.startswith("_") or name == "module":
            return ""
        callers, edge, seen = [], {name}, {name}
        while edge:
            users = {n for n, node in self.top.items() if n not in seen and any(isinstance(p, ast.Name) and p.id in edge for p in ast.walk(node))}
            callers.extend(sorted(n for n in users if not n.startswith("_")))
            seen |= users
            edge = {n for n in users if n.startswith("_")}
        return f"(a part of {' and '.join(f'`{n}`' for n in callers[:2])}) " if callers else ""

    def context(self, node):
        found = []
        while hasattr(node, "parent") and len(found) < 2 and not isinstance(node, FUNCTIONS):
            parent = node.parent
            if isinstance(parent, ast.If) and node is not parent.test:
                found.append(self.words.clause(parent.test, node in parent.body))
            elif isinstance(parent, ast.IfExp) and node is not parent.test:
                found.append(self.words.clause(parent.test, node is parent.body))
            elif isinstance(node, ast.ExceptHandler):
                found.append("an error is caught")
            node = parent
        return f"where {' and '.join(dict.fromkeys(found))}, " if found else ""


def operators(file, node):
    handler = HANDLERS.get(type(node))
    return handler(file, node) if handler else ()


def compare(file, node):
    if len(node.ops) != 1:
        return
    op, right = type(node.ops[0]), node.comparators[0]
    span = (file.span(node.left)[1], file.span(right)[0])
    gap = file.between(*span)
    if op in LIMITS and not settled(node):
        old, new, like = LIMITS[op]
        loop = isinstance(node.parent, ast.While)
        what = f"a loop takes one step {'too many' if '=' in new else 'too few'} at its end (its limit: {file.words.phrase(right)})" if loop else f"when {file.words.phrase(node.left)} is exactly {file.words.phrase(right)}, it is treated like {like} it"
        yield span, gap.replace(old, new, 1), "boundary", 0, what
    elif op in OPPOSITE and not isinstance(node.parent, (ast.If, ast.IfExp)):
        old, new = OPPOSITE[op]
        yield span, re.sub(r"\s+".join(map(re.escape, old.split())), new, gap, count=1), "equality", 1, f"the check whether {file.words.clause(node)} gives the opposite"


def settled(node):
    """The larger of two: equal values make no difference."""
    parent, sides = node.parent, {ast.unparse(node.left), ast.unparse(node.comparators[0])}
    if isinstance(parent, ast.IfExp):
        return {ast.unparse(parent.body), ast.unparse(parent.orelse)} == sides
    return isinstance(parent, ast.If) and len(parent.body) == 1 and isinstance(parent.body[0], ast.Assign) and {ast.unparse(parent.body[0].targets[0]), ast.unparse(parent.body[0].value)} == sides


def branch(file, node):
    test = file.source(node.test)
    words = file.words.clause(node.test)
    if isinstance(node, ast.IfExp):
        yield file.span(node.test), f"not ({test})", "condition", 1, f"when {words}, the value for the opposite case is taken, and the other way round"
        return
    withheld = file.words.withheld(node.body)
    yield file.span(node.test), f"False and ({test})", "guard", 1 if withheld.startswith("what") else 0, f"when {words}, {withheld}"
    if node.orelse or withheld.startswith("what"):
        yield file.span(node.test), f"True or ({test})", "condition", 1, f"what is meant only for when {words} is done always"


def logic(file, node):
    both = isinstance(node.op, ast.And)
    first, second = node.values[0], node.values[1]
    decides = any(isinstance(v, (ast.Compare, ast.UnaryOp, ast.BoolOp)) for v in node.values) or isinstance(node.parent, (ast.If, ast.While, ast.IfExp))
    if not decides:
        if not both:
            yield file.span(second), file.source(first), "logic", 0, f"when {file.words.clause(first, False)}, what is to be taken instead ({file.words.phrase(second)}) is not taken"
        return
    for kept, gone in ((first, second), (second, first)):
        if both:
            what = f"when {file.words.clause(kept)} but {file.words.clause(gone, False)}, the latter is overlooked"
        else:
            what = f"when {file.words.clause(gone)} while {file.words.clause(kept, False)}, the former is overlooked"
        yield file.span(gone), "True" if both else "False", "logic", 0, what


def arithmetic(file, node):
    words = ARITHMETIC.get(type(node.op))
    texts = (ast.JoinedStr, ast.List, ast.Tuple)
    is_text = any(isinstance(side, texts) or (isinstance(side, ast.Constant) and isinstance(side.value, (str, bytes))) for side in (node.left, node.right))
    if words is None or is_text:
        return
    old, new, is_, becomes = words
    span = (file.span(node.left)[1], file.span(node.right)[0])
    yield span, file.between(*span).replace(old, new, 1), "arithmetic", 1, f"instead of {is_} of {file.words.phrase(node.left)} and {file.words.phrase(node.right)}, {becomes} of them is taken"


def augmented(file, node):
    new = {ast.Add: "-=", ast.Sub: "+="}.get(type(node.op))
    if new and is_counter(file, node):
        span = (file.span(node.target)[1], file.span(node.value)[0])
        old = "+=" if new == "-=" else "-="
        yield span, file.between(*span).replace(old, new, 1), "assignment", 1, f"{file.words.phrase(node.value)} is {'taken away from' if new == '-=' else 'added to'} {file.words.phrase(node.target)} instead of {'added to' if new == '-=' else 'taken away from'} it"
    yield file.span(node), "pass", "statement", 1, f"{file.words.phrase(node.target)} keeps its old value: {file.words.phrase(node.value)} does not come to it"


def is_counter(file, node):
    """What begins as a number stays one; of anything else it is not known whether it can be taken away from."""
    name = ast.unparse(node.target)
    values = [other.value for other in ast.walk(file.tree) if isinstance(other, ast.Assign) and name in map(ast.unparse, other.targets)]
    return isinstance(node.value, ast.Constant) and isinstance(node.value.value, int) or any(isinstance(v, ast.Constant) and isinstance(v.value, (int, float)) for v in values)


def literal(file, node):
    value = node.value
    if is_message(node) or value is None or value is Ellipsis or isinstance(value, bytes):
        return
    where = used_in(file, node)
    if isinstance(value, bool):
        yield file.span(node), repr(not value), "boolean", 1 if isinstance(node.parent, (ast.Return, ast.arguments)) else 2, f"{where}, {not value} stands where {value} should"
    elif isinstance(value, int):
        if not is_idle(node):
            yield file.span(node), str(value + 1), "number", 1 if value <= 1 else 2, f"{where}, {value + 1} stands where {value} should"
    elif isinstance(value, str) and not isinstance(node.parent, ast.Dict) and not isinstance(node.parent, ast.Subscript):
        new = "" if value else "redgreen"
        yield file.span(node), repr(new), "text", 2, f"{where}, {constant(new)} stands where {constant(value)} should"


def is_message(node):
    """What is said to people: several words, or a part of an error."""
    if isinstance(node.value, str) and len(node.value.split()) > 2:
        return True
    while hasattr(node, "parent") and not isinstance(node, ast.stmt):
        node = node.parent
        if isinstance(node, ast.Call) and re.search(r"(Error|Exception)$|^print$", ast.unparse(node.func)):
            return True
    return isinstance(node, ast.Raise)


def is_idle(node):
    parent = node.parent
    if isinstance(parent, ast.keyword):
        return bool(IDLE.search(parent.arg or ""))
    if isinstance(parent, ast.Call):
        return bool(IDLE.search(ast.unparse(parent.func)))
    return isinstance(parent, (ast.List, ast.Tuple)) and parent.elts[0] is not node


def used_in(file, node):
    parent = node.parent
    while isinstance(parent, (ast.UnaryOp, ast.Slice)):
        parent = parent.parent
    if isinstance(parent, ast.Compare):
        return f"in the check whether {file.words.clause(parent)}"
    if isinstance(parent, ast.BinOp):
        other = parent.right if parent.left is node else parent.left
        return f"where {file.words.phrase(other)} is reckoned with"
    if isinstance(parent, ast.Subscript):
        return f"where a part of {file.words.phrase(parent.value)} is taken by its position"
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute):
        return f"where {file.words.phrase(parent.func.value)} is worked on (`{parent.func.attr}`)"
    if isinstance(parent, ast.Call):
        return f"where {file.words.phrase(parent)} is asked for"
    if isinstance(parent, ast.keyword):
        return f"in the value of `{parent.arg}`"
    if isinstance(parent, ast.Return):
        return "in what is given back"
    return "in a default" if isinstance(parent, ast.arguments) else "in a value"


def negation(file, node):
    if isinstance(node.op, ast.Not) and not isinstance(node.parent, (ast.If, ast.IfExp, ast.While)):
        yield file.span(node), re.sub(r"^not\b\s*", "", file.source(node)), "negation", 1, f"the check whether {file.words.clause(node)} gives the opposite"


def step(file, node):
    value = node.value
    if isinstance(value, ast.Await):
        value = value.value
    if not isinstance(value, ast.Call):
        return
    first = file.words.phrase(value.args[0]) if value.args else "something"
    if isinstance(value.func, ast.Attribute):
        on, name = file.words.phrase(value.func.value), value.func.attr
        if name in ("append", "add", "appendleft", "extend", "insert"):
            what = f"{first if name != 'insert' else 'an element'} is not added to {on}"
        elif name in ("sort", "reverse"):
            what = f"{on} keeps its old order"
        elif name in ("remove", "discard", "clear", "pop"):
            what = f"nothing is removed from {on}"
        else:
            what = f"the step `{name}` on {on} is left out" if not name.startswith("_") else f"a step with {first} is left out"
    else:
        name = ast.unparse(value.func)
        what = f"the call of `{name}` is left out" if name in file.known or name == "print" else f"a step with {first} is left out"
    yield file.span(node), "pass", "statement", 1, what


def put(file, node):
    target = node.targets[0]
    if isinstance(target, (ast.Attribute, ast.Subscript)):
        yield file.span(node), "pass", "statement", 1, f"{file.words.phrase(target)} keeps its old value: {file.words.phrase(node.value)} is not put there"


def removal(file, node):
    yield file.span(node), "pass", "statement", 1, f"{file.words.phrase(node.targets[0])} is not removed"


def call(file, node):
    first = node.args[0] if node.args else None
    if isinstance(node.func, ast.Attribute):
        on, name = node.func.value, node.func.attr
        if name in CHAINED and not (isinstance(node.parent, ast.Call) and ast.unparse(node.parent.func) in ("int", "float", "Decimal")) and not isinstance(node.parent, ast.Expr):
            yield file.span(node), file.source(on), "chain", 1, CHAINED[name].replace("X", file.words.phrase(on))
        if name == "copy" and first is None:
            yield file.span(node), file.source(on), "copy", 0, copied(file, on)
        if name in TWINS:
            end = file.span(node.func)[1]
            yield (end - len(name), end), TWINS[name][0], "twin", 1, TWINS[name][1].replace("X", file.words.phrase(on if name.endswith("with") or "find" in name else first or on))
        return
    name = getattr(node.func, "id", "")
    if first is None or isinstance(first, (ast.GeneratorExp, ast.Starred)) and name not in TWINS:
        return
    if name in UNWRAPPED:
        yield file.span(node), f"({file.source(first)})", "chain", 1, UNWRAPPED[name].replace("X", file.words.phrase(first))
    if name in COPIES and len(node.args) == 1 and isinstance(first, (ast.Name, ast.Attribute)) and not isinstance(node.parent, (ast.For, ast.Call, ast.comprehension)):
        yield file.span(node), file.source(first), "copy", 0, copied(file, first)
    if name in TWINS:
        yield file.span(node.func), TWINS[name][0], "twin", 1, TWINS[name][1].replace("X", file.words.phrase(first))


def copied(file, on):
    return f"{file.words.phrase(on)} itself is worked on (and changed for whoever holds it) instead of a copy"


def index(file, node):
    part = node.slice
    if isinstance(part, ast.Slice):
        if part.lower is None and part.upper is None:
            yield file.span(node), file.source(node.value), "copy", 0, copied(file, node.value)
        elif part.upper is not None and not isinstance(part.upper, (ast.Constant, ast.UnaryOp)):
            yield file.span(part.upper), f"{file.source(part.upper)} + 1", "index", 1, f"a part of {file.words.phrase(node.value)} ends one place too late"


def answer(file, node):
    if isinstance(node.value, (ast.Compare, ast.BoolOp)) or (isinstance(node.value, ast.UnaryOp) and isinstance(node.value.op, ast.Not)):
        yield file.span(node.value), f"not ({file.source(node.value)})", "verdict", 2, f"the answer whether {file.words.clause(node.value)} is the opposite"


def caught(file, node):
    if not any(isinstance(part, ast.Raise) for statement in node.body for part in ast.walk(statement)):
        start, end = file.span(node.body[0])[0], file.span(node.body[-1])[1]
        yield (start, end), "raise", "catch", 1, "an error that is to be caught and handled is passed on as it is"


HANDLERS = {
    ast.Compare: compare, ast.If: branch, ast.IfExp: branch, ast.BoolOp: logic, ast.BinOp: arithmetic, ast.AugAssign: augmented, ast.Constant: literal,
    ast.UnaryOp: negation, ast.Expr: step, ast.Assign: put, ast.Delete: removal, ast.Call: call, ast.Subscript: index, ast.Return: answer, ast.ExceptHandler: caught,
}
