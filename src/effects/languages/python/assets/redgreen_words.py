"""Expressions in words: what a tester who knows the contracts, but not the code, can understand."""
import ast

METHODS = {
    "strip": "X without blanks at its ends", "lstrip": "X without what stands before it", "rstrip": "X without what stands after it",
    "lower": "X in lower case", "upper": "X in upper case", "casefold": "X in lower case", "split": "the parts of X", "splitlines": "the lines of X",
    "get": "what X holds under a key", "keys": "the keys of X", "values": "the values of X", "items": "the entries of X", "copy": "a copy of X",
    "find": "the position found in X", "index": "the position found in X", "count": "how often something is in X", "join": "one text made of parts",
    "replace": "X with replacements", "pop": "an element taken from X", "group": "a part of a match", "format": "a composed text", "isoformat": "X as a text", "encode": "X as bytes", "decode": "X as a text",
}
FUNCTIONS = {
    "len": "the length of X", "int": "X as a whole number", "float": "X as a number", "str": "X as a text", "abs": "X without its sign",
    "round": "X rounded", "sum": "the sum of X", "min": "the smallest of X", "max": "the largest of X", "sorted": "X in order",
    "list": "X as a list", "tuple": "X as a tuple", "set": "the different elements of X", "dict": "X as a dict", "reversed": "X in reverse",
    "enumerate": "X", "Decimal": "X as a decimal number",
}
COMPARED = {
    ast.Eq: ("equals", "differs from"), ast.NotEq: ("differs from", "equals"), ast.Lt: ("is below", "is at least"), ast.LtE: ("is at most", "is above"),
    ast.Gt: ("is above", "is at most"), ast.GtE: ("is at least", "is below"), ast.In: ("is in", "is not in"), ast.NotIn: ("is not in", "is in"),
    ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"),
}
ASKED = {
    "startswith": ("starts with", "does not start with"), "endswith": ("ends with", "does not end with"),
    "isdigit": ("is all digits", "is not all digits"), "isalpha": ("is all letters", "is not all letters"), "isspace": ("is blank", "is not blank"),
    "isalnum": ("is all letters and digits", "is not all letters and digits"), "isupper": ("is in upper case", "is not in upper case"),
}
OPERATIONS = {ast.Add: "the sum of", ast.Sub: "the difference of", ast.Mult: "the product of", ast.Div: "the quotient of", ast.FloorDiv: "the whole quotient of", ast.Mod: "the remainder of", ast.Pow: "the power of"}


class Words:
    """`known` are names that a contract shows; `params` those of the function; `made` maps other local names to what they are made of."""

    def __init__(self, known, params, made):
        self.known, self.params, self.made = known, params, made

    def phrase(self, node, depth=4):
        if depth <= 0:
            return "a value"

        def inner(part):
            return self.phrase(part, depth - 1)

        if isinstance(node, ast.Constant):
            return constant(node.value)
        if isinstance(node, ast.Name):
            return self.name(node.id, depth)
        if isinstance(node, ast.Attribute):
            return self.attribute(node, inner)
        if isinstance(node, ast.Subscript):
            return f"a part of {inner(node.value)}" if isinstance(node.slice, ast.Slice) else f"an element of {inner(node.value)}"
        if isinstance(node, ast.Call):
            return self.call(node, inner)
        if isinstance(node, ast.BinOp):
            return f"{OPERATIONS.get(type(node.op), 'what is worked out from')} {inner(node.left)} and {inner(node.right)}"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return f"-{inner(node.operand)}" if isinstance(node.operand, ast.Constant) else f"minus {inner(node.operand)}"
        if isinstance(node, ast.BoolOp):
            return inner(node.values[0])
        if isinstance(node, ast.IfExp):
            return f"{inner(node.body)} or {inner(node.orelse)}"
        if isinstance(node, (ast.Await, ast.Starred)):
            return self.phrase(node.value, depth)
        if isinstance(node, (ast.List, ast.Tuple, ast.Set, ast.Dict)):
            return "what is built up" if not getattr(node, "elts", getattr(node, "keys", None)) else "a collection"
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
            return f"what is made of the elements of {inner(node.generators[0].iter)}"
        return "a composed text" if isinstance(node, ast.JoinedStr) else "a value"

    def name(self, name, depth):
        if name in self.params or name in self.known:
            return "the object" if name == "self" else f"`{name}`"
        made = self.made.get(name)
        if made is None:
            return "a running value"
        kind, node = made
        return f"an element of {self.phrase(node, depth - 1)}" if kind == "each" else self.phrase(node, depth - 0.5)

    def attribute(self, node, inner):
        if node.attr.startswith("_"):
            return "something that the object keeps"
        return f"`{node.attr}` of {inner(node.value)}"

    def call(self, node, inner):
        first = inner(node.args[0]) if node.args else None
        if isinstance(node.func, ast.Name):
            name = node.func.id
            if name in FUNCTIONS and first is not None:
                return FUNCTIONS[name].replace("X", first)
            if name in self.known:
                return f"the result of `{name}`{f' for {first}' if first else ''}"
        if isinstance(node.func, ast.Attribute):
            on, method = node.func.value, node.func.attr
            if is_match(node):
                return f"the match of a pattern in {inner(node.args[1])}" if len(node.args) > 1 else f"the match of a pattern in {first}"
            if method in METHODS:
                return METHODS[method].replace("X", inner(on))
            if (isinstance(on, ast.Name) and on.id in self.known) or method in self.known:
                return f"the result of `{method}`{f' for {first}' if first else ''}"
            first = first or inner(on)
        return "an intermediate value" if first is None or first.startswith(("a value", "an intermediate")) else f"an intermediate value made from {first}"

    def clause(self, node, truth=True):
        """A clause that says when `node` holds, or with `truth` false when it does not: `size is below 1`."""
        index = 0 if truth else 1
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.clause(node.operand, not truth)
        if isinstance(node, ast.BoolOp):
            both = isinstance(node.op, ast.And) == truth
            return (" and " if both else " or ").join(self.clause(value, truth) for value in node.values)
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            left, right = self.phrase(node.left), self.phrase(node.comparators[0])
            if right == "None":
                return f"{left} is {'missing' if isinstance(node.ops[0], (ast.Is, ast.Eq)) == truth else 'there'}"
            return f"{left} {COMPARED[type(node.ops[0])][index]} {right}"
        if is_match(node):
            return f"{self.phrase(node)} {'is there' if truth else 'is missing'}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ASKED:
            what = f" {self.phrase(node.args[0])}" if node.args else ""
            return f"{self.phrase(node.func.value)} {ASKED[node.func.attr][index]}{what}"
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "isinstance" and len(node.args) == 2:
            return f"{self.phrase(node.args[0])} is{'' if truth else ' not'} of type {ast.unparse(node.args[1])}"
        if isinstance(node, ast.Call) and not isinstance(node.func, ast.Attribute) and getattr(node.func, "id", "") not in self.known:
            return f"a check{f' of {self.phrase(node.args[0])}' if node.args else ''} {'passes' if truth else 'fails'}"
        return f"{self.phrase(node)} {'is not empty, zero or false' if truth else 'is empty, zero or false'}"

    def withheld(self, body):
        """What a branch no longer does when it is never taken."""
        last = body[-1]
        if isinstance(last, ast.Raise):
            made = last.exc.func if isinstance(last.exc, ast.Call) else last.exc
            return f"no `{made.id}` is raised" if isinstance(made, ast.Name) and not made.id.startswith("_") else "no error is raised"
        if isinstance(last, ast.Continue):
            return "the rest is not skipped for this element"
        if isinstance(last, ast.Break):
            return "a loop does not end there"
        if isinstance(last, ast.Return):
            result = self.phrase(last.value, 2) if last.value is not None else "None"
            return f"the result is not {result}: it goes on as in other cases"
        return "what is to be done then is left out"


def is_match(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("match", "fullmatch", "search") and bool(node.args)


def constant(value):
    if isinstance(value, str):
        return "the empty text" if value == "" else f'the text "{value}"' if len(value) <= 24 else "a fixed text"
    return "a value" if value is Ellipsis or isinstance(value, bytes) else repr(value)
