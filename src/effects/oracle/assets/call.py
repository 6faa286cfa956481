"""Loads one module and makes the calls that standard input names; results go out on file descriptor 3 as tagged JSON (core/oracle-value.ts)."""
import asyncio
import base64
import collections.abc
import dataclasses
import datetime
import decimal
import enum
import fractions
import importlib
import importlib.util
import inspect
import json
import os
import pathlib
import sys
import traceback
import uuid

# Kept before any other code is loaded: what that code replaces must not garble the answers.
dumps, write = json.dumps, os.write
MOST_DEPTH, MOST_NODES, MOST_ITEMS = 60, 50_000, 1_000
SAFE = 2**53 - 1
saved = {}


def main():
    asked = json.loads(sys.stdin.buffer.read())
    try:
        module = load(asked["treeDir"], asked["module"])
    except BaseException as error:
        say({"load": thrown(error, asked["treeDir"])})
        say({"done": True})
        return
    for step in asked["steps"]:
        say(answer(module, step, asked["treeDir"]))
    say({"done": True})


def load(tree, path):
    parts = path[:-3].split("/")
    source = os.path.join(tree, "src")
    if parts[0] == "src" and len(parts) > 1 and source in sys.path:
        parts = parts[1:]
    if parts[-1] == "__init__":
        parts = parts[:-1]
    full = os.path.realpath(os.path.join(tree, path))
    if parts and all(part.isidentifier() for part in parts):
        module = importlib.import_module(".".join(parts))
        if os.path.realpath(getattr(module, "__file__", None) or "") == full:
            return module
    spec = importlib.util.spec_from_file_location(parts[-1].replace("-", "_"), full)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def answer(module, step, tree):
    try:
        result = settled(perform(module, step))
        if step["as"] is not None:
            saved[step["as"]] = result
        return {"value": encode(result)}
    except BaseException as error:
        return {"thrown": thrown(error, tree)}


def perform(module, step):
    found = module if step["on"] is None else instance(step["on"])
    for part in step["name"].split("."):
        found = getattr(found, part)
    if step["kind"] == "get":
        return found
    return found(*[decode(arg) for arg in step["args"]], **{key: decode(arg) for key, arg in step["kwargs"].items()})


def instance(name):
    if name not in saved:
        raise LookupError(f"there is no {name}: the step that makes it failed")
    return saved[name]


def settled(value):
    if inspect.isawaitable(value):
        value = asyncio.run(awaited(value))
    if inspect.isasyncgen(value):
        value = asyncio.run(collected(value))
    if isinstance(value, collections.abc.Iterator):
        return [item for item, _ in zip(value, range(MOST_ITEMS))]
    return value


async def awaited(value):
    return await value


async def collected(value):
    items = []
    async for item in value:
        items.append(item)
        if len(items) >= MOST_ITEMS:
            break
    return items


def thrown(error, tree):
    frames = traceback.extract_tb(error.__traceback__, limit=200)
    own = [f for f in reversed(frames) if os.path.realpath(f.filename).startswith(os.path.realpath(tree) + os.sep)]
    stack = [f"    at {f.name} ({os.path.abspath(f.filename)}:{f.lineno})" for f in own[:30]]
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        stack.insert(0, f"    at <module> ({error.filename}:{error.lineno})")
    return {"error": encode_error(error), "stack": "\n".join(stack)}


def encode_error(error):
    names = [one.__name__ for one in type(error).__mro__ if one is not object]
    try:
        message = str(error)
    except Exception:
        message = ""
    return {"$error": {"names": names[:10], "message": message[:4_000]}}


class Encoder:
    """A value as tagged JSON: what can be seen of it from outside, public attributes of objects."""

    def __init__(self):
        self.nodes = 0
        self.path = set()

    def encode(self, value, depth=0):
        self.nodes += 1
        if self.nodes > MOST_NODES or depth > MOST_DEPTH:
            return {"$other": "more than can be shown"}
        if isinstance(value, enum.Enum):
            return self.encode(value.value, depth + 1)
        if value is None or isinstance(value, (bool, str)):
            return value
        if isinstance(value, int):
            return int(value) if -SAFE <= value <= SAFE else {"$bigint": str(int(value))}
        if isinstance(value, float):
            return number(value)
        if id(value) in self.path:
            return {"$other": "itself"}
        self.path.add(id(value))
        try:
            return self.encode_object(value, lambda item: self.encode(item, depth + 1))
        finally:
            self.path.discard(id(value))

    def encode_object(self, value, inner):
        if isinstance(value, (bytes, bytearray)):
            return {"$bytes": base64.b64encode(bytes(value)).decode("ascii")}
        if isinstance(value, (datetime.datetime, datetime.date)):
            return {"$date": value.isoformat()}
        if isinstance(value, (datetime.time, datetime.timedelta, decimal.Decimal, fractions.Fraction, uuid.UUID, pathlib.PurePath)):
            return str(value)
        if isinstance(value, (set, frozenset)):
            return {"$set": [inner(item) for item in value]}
        if isinstance(value, collections.abc.Mapping):
            return mapping(dict(value), inner)
        if isinstance(value, (list, tuple, range, collections.abc.Sequence, collections.abc.KeysView, collections.abc.ValuesView, collections.abc.ItemsView)):
            return [inner(item) for item in value]
        if isinstance(value, BaseException):
            return encode_error(value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return mapping({f.name: getattr(value, f.name) for f in dataclasses.fields(value)}, inner)
        if callable(value) or not hasattr(value, "__dict__"):
            return {"$other": type(value).__name__}
        return mapping({key: item for key, item in vars(value).items() if not key.startswith("_")}, inner)


def encode(value):
    return Encoder().encode(value)


def number(value):
    if value != value or value in (float("inf"), float("-inf")):
        return {"$number": "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"}
    return {"$number": "-0"} if value == 0 and str(value).startswith("-") else value


def mapping(entries, inner):
    if not all(isinstance(key, str) for key in entries):
        return {"$map": [[inner(key), inner(item)] for key, item in entries.items()]}
    plain = {str(key): inner(item) for key, item in entries.items()}
    return {"$object": plain} if len(plain) == 1 and next(iter(plain)).startswith("$") else plain


def decode(value):
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and next(iter(value)).startswith("$"):
        ((tag, content),) = value.items()
        return TAGS[tag](content) if tag in TAGS else {tag: decode(content)}
    return {key: decode(item) for key, item in value.items()}


def date(text):
    return datetime.date.fromisoformat(text) if len(text) == 10 else datetime.datetime.fromisoformat(text)


TAGS = {
    "$undefined": lambda content: None,
    "$number": float,
    "$bigint": int,
    "$date": date,
    "$map": lambda content: {decode(key): decode(item) for key, item in content},
    "$set": lambda content: {decode(item) for item in content},
    "$bytes": base64.b64decode,
    "$error": lambda content: Exception((content or {}).get("message", "")),
    "$fn": lambda content: lambda *_args, **_kwargs: decode(content),
    "$tuple": lambda content: tuple(decode(item) for item in content),
    "$ref": lambda content: instance(content),
    "$object": lambda content: {key: decode(item) for key, item in content.items()},
}


def say(line):
    data = (dumps(line) + "\n").encode("ascii")
    while data:
        data = data[write(3, data):]


main()
sys.stdout.flush()
os._exit(0)
