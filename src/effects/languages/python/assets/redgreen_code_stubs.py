"""Stubs made from code itself, where there is no plan: the code is read as its own contract, without what it does while it loads."""
import ast

from redgreen_modules import FUNCTIONS, Module, World, parse
from redgreen_stubs import LATE, Maker


def stubs_of(question):
    modules = []
    for path, text in question["files"].items():
        tree, _ = parse(text)
        modules.append(Module(path, declarations(tree or ast.Module(body=[], type_ignores=[]))))
    world = World(modules, [])
    maker = CodeMaker(question["kind"], question["marker"], world)
    return {module.path: maker.module(module) for module in modules}


class CodeMaker(Maker):
    def statement(self, node, module):
        if isinstance(node, ast.If) and is_main_guard(node):
            return LATE + ast.unparse(node)
        # What decorators, bases and defaults are made of must be what it is, or nothing loads.
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and names_bound(node) & needed_to_load(module.tree):
            return ast.unparse(node)
        return super().statement(node, module)


def declarations(tree):
    tree.body = [node for node in tree.body if is_declaration(node)]
    return tree


def is_declaration(node):
    if isinstance(node, FUNCTIONS + (ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)):
        return not (isinstance(node, ast.AnnAssign) and node.value is None)
    if type(node).__name__ == "TypeAlias":
        return True
    if isinstance(node, ast.If):
        return is_main_guard(node) or imports(node)
    return isinstance(node, ast.Try) and imports(node)


def is_main_guard(node):
    return "__name__" in ast.unparse(node.test)


def imports(node):
    return any(isinstance(part, (ast.Import, ast.ImportFrom)) for part in ast.walk(node))


def names_bound(node):
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}


def needed_to_load(tree):
    """Names that are used while functions and classes are defined, and what those are made of."""
    needed = set()
    for node in ast.walk(tree):
        parts = []
        if isinstance(node, FUNCTIONS + (ast.ClassDef,)):
            parts.extend(node.decorator_list)
        if isinstance(node, ast.ClassDef):
            parts.extend(node.bases + [keyword.value for keyword in node.keywords])
        needed |= {part.id for one in parts for part in ast.walk(one) if isinstance(part, ast.Name)}
    for node in reversed(tree.body):
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None and names_bound(node) & needed:
            needed |= {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}
    return needed
