"""Writes the report of a test run: JSON lines, see src/effects/runners/wire.ts. Runs inside the box."""
import hashlib
import hmac
import json
import os
import signal
import sys
import traceback

TEXT = 6000
ENOUGH = 4 * 1024 * 1024


class TestTimeout(BaseException):
    """Raised in a test that takes too long; no `except Exception` swallows it."""


def read_settings():
    """What the harness asks for: JSON on standard input, which (unlike argv and the environment) other processes cannot look up."""
    settings = json.loads(sys.stdin.buffer.read())
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return settings


class Report:
    """Test code runs in this process and could find the seal's key: it is kept in a closure, out of easy reach, no more."""

    def __init__(self, settings, runner):
        key = settings.pop("nonce").encode()
        sealing = hmac.new(key, digestmod=hashlib.sha256)
        self.feed, self.seal = sealing.update, sealing.hexdigest
        self.fd = os.open(settings["reportPath"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        self.tree = os.path.realpath(settings["treeDir"])
        self.seq = self.bytes = self.tests = self.files = 0
        self.finished = False
        self.pid = os.getpid()
        self.line({"kind": "open", "v": 2, "runner": runner})

    def line(self, record):
        # A forked child of a test must not write.
        if self.finished or os.getpid() != self.pid:
            return
        self.seq += 1
        data = (json.dumps({"seq": self.seq, **record}) + "\n").encode("ascii")
        self.bytes += len(data)
        self.feed(data)
        while data:
            data = data[os.write(self.fd, data):]

    def small(self, error):
        if error is None or self.bytes <= ENOUGH:
            return error
        return {"name": error["name"], "message": cut(error["message"], 200), "stack": "", "detail": ""}

    def test(self, path, names, status, error=None, retried=False):
        self.tests += 1
        names = [clean(name)[:500] for name in names]
        self.line({"kind": "test", "path": path, "names": names, "status": status, "retried": retried, "error": self.small(error)})

    def file(self, path, error):
        self.files += 1
        self.line({"kind": "file", "path": path, "error": self.small(error)})

    def finish(self):
        self.line({"kind": "finished", "tests": self.tests, "files": self.files, "seal": self.seal()})
        self.finished = True

    def describe(self, error, detail=""):
        """Name, message and frames (innermost first) of an exception."""
        more = [detail] if detail else []
        cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        for _ in range(3):
            if cause is None:
                break
            more.append(f"caused by {type(cause).__name__}: {text_of(cause)}")
            cause = cause.__cause__
        for one in list(getattr(error, "exceptions", ()))[:3]:
            more.append(f"one of them: {type(one).__name__}: {text_of(one)}")
        return said(type(error).__name__, text_of(error), "\n".join(self.stack(error)), "\n".join(more))

    def stack(self, error):
        lines = []
        if isinstance(error, SyntaxError) and error.filename and error.lineno:
            lines.append(f"    at <module> ({error.filename}:{error.lineno}:{error.offset or 1})")
        frames = traceback.extract_tb(error.__traceback__, limit=200)
        for frame in reversed(frames):
            if os.path.realpath(frame.filename).startswith(self.tree + os.sep):
                lines.append(f"    at {frame.name} ({os.path.abspath(frame.filename)}:{frame.lineno})")
        return lines[:30]


def text_of(error):
    try:
        if isinstance(error, SyntaxError):
            return f"{error.msg}" + (f"\n  {error.text.strip()}" if error.text else "")
        return str(error)
    except Exception:
        return "an exception that cannot be shown"


def said(name, message, stack="", detail=""):
    return {"name": clean(name)[:200], "message": cut(clean(message), TEXT), "stack": cut(clean(stack), TEXT), "detail": cut(clean(detail), TEXT)}


def clean(text):
    """A lone surrogate cannot be written as UTF-8."""
    return str(text).encode("utf-8", "replace").decode("utf-8")


def cut(text, limit):
    if len(text) <= limit:
        return text
    half = (limit - 5) // 2
    return text[:half] + "\n…\n" + text[-half:]


def open_paths(settings):
    """Goes to the project's folder, the tree or a package in it, and puts it, its `src` folder and the dependencies on the module path."""
    folder = os.path.join(settings["treeDir"], (settings.get("project") or {}).get("dir", "")).rstrip("/")
    os.chdir(folder)
    paths = [folder]
    if os.path.isdir(os.path.join(folder, "src")) and not os.path.exists(os.path.join(folder, "src", "__init__.py")):
        paths.append(os.path.join(folder, "src"))
    if settings.get("depsDir"):
        paths.append(settings["depsDir"])
    sys.path[:0] = paths
    sys.dont_write_bytecode = True


def place_of(seed, name):
    """Where a seed puts a name among others."""
    return hashlib.sha256(f"{seed} {name}".encode("utf-8", "replace")).hexdigest()


def start_timer(seconds):
    """After so many seconds the running test fails."""

    def ring(_number, _frame):
        raise TestTimeout(f"the test did not end within {seconds} seconds")

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def stop_timer():
    signal.setitimer(signal.ITIMER_REAL, 0)
