// What authors are told about Python.

/** Told to every author. */
export const PYTHON_RULES = `- Python 3.11 or newer; prefer the standard library.
- Planned modules are imported by full module name: \`from inventory.model import Item\`. No relative imports, no \`import *\`.
- A program has a module with \`def main(argv: list[str]) -> int: ...\` (the exit code; argv without the program's name) and ends with \`if __name__ == '__main__': raise SystemExit(main(sys.argv[1:]))\`.`;

/** Told to the plan's author beside that. */
export const PYTHON_PLAN_RULES = `- Layout: a package folder named for the project (\`inventory/\`) with its modules, or flat modules for something small; tests in \`tests/test_<name>.py\`. Names of files are importable (letters, digits, underscores) and none hides a module of the standard library. \`__init__.py\` files need not be planned; plan one only when it exports something. \`python3 -m inventory\` needs \`inventory/__main__.py\`.
- A contract is what a \`.pyi\` file would hold: imports, signatures with \`...\` as the body, classes with their methods and annotated fields, dataclasses (with their decorator and defaults), enums with their values, exceptions, constants with a type (\`NAMES: list[str]\`). Every function has a return annotation; every name that is used is declared or imported in the same contract.
- Contracts import each other as the code will, without circles between files. Plan a package only when it saves much.
- Example: \`from dataclasses import dataclass\\n@dataclass(frozen=True)\\nclass Item:\\n    name: str\\n    count: int = 0\\nclass StockError(ValueError): ...\\ndef parse(text: str) -> list[Item]: ...\``;
