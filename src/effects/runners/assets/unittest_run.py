"""Runs test files with unittest and writes our report. Runs inside the box:
python3 -I -B unittest_run.py < settings
"""
import asyncio  # noqa: F401  (unittest loads it lazily; it must not come from the tree)
import importlib
import importlib.util
import os
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from redgreen_report import Report, TestTimeout, open_paths, place_of, read_settings, said, start_timer, stop_timer  # noqa: E402

sys.path.pop(0)


class Result(unittest.TestResult):
    """Hands each finished test to the report; failures of subtests belong to their test."""

    def __init__(self, report, path, seconds):
        super().__init__()
        self.report, self.path, self.seconds = report, path, seconds
        self.errors_of = []
        self.status = "passed"
        self.ran = 0

    def startTest(self, test):
        super().startTest(test)
        self.errors_of, self.status = [], "passed"
        start_timer(self.seconds)

    def stopTest(self, test):
        stop_timer()
        super().stopTest(test)
        self.ran += 1
        error = merged(self.errors_of) if self.status == "failed" else None
        self.report.test(self.path, names_of(test), self.status, error)

    def fail(self, test, error, detail=""):
        if isinstance(test, unittest.TestCase):
            self.status = "failed"
            self.errors_of.append(self.report.describe(error, detail))
        else:
            # setUpClass, setUpModule and their kin report through a stand-in that is no test.
            self.report.file(self.path, self.report.describe(error, f"in {getattr(test, 'description', 'a fixture')}"))

    def addError(self, test, err):
        self.fail(test, err[1])

    def addFailure(self, test, err):
        self.fail(test, err[1])

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.fail(test, err[1], f"in {subtest._subDescription()}")

    def addSkip(self, test, reason):
        if isinstance(test, unittest.TestCase):
            self.status = "skipped" if self.status == "passed" else self.status
        else:
            self.report.file(self.path, said("", f"skipped as a whole: {reason}"))

    def addExpectedFailure(self, test, err):
        self.status = "todo"

    def addUnexpectedSuccess(self, test):
        self.status = "failed"
        self.errors_of.append(said("", "the test is marked as an expected failure but passed"))


def merged(errors):
    first = dict(errors[0])
    others = [f"also: {e['name']}: {e['message']} {e['detail']}" for e in errors[1:6]]
    first["detail"] = "\n".join([part for part in [first["detail"], *others] if part])
    return first


def names_of(test):
    name = getattr(test, "_testMethodName", None) or str(test)
    return [type(test).__qualname__, name]


def load(path):
    """The module of a file, named by its path from the folder where tests are run."""
    parts = path[:-3].split("/")
    if all(part.isidentifier() for part in parts):
        name = ".".join(parts)
    else:
        name = "redgreen_test_" + "".join(c if c.isalnum() else "_" for c in path[:-3])
    try:
        if name.startswith("redgreen_test_"):
            raise ModuleNotFoundError(name=parts[0])
        module = importlib.import_module(name)
        if os.path.realpath(getattr(module, "__file__", None) or "") == os.path.realpath(path):
            return module
    except ModuleNotFoundError as error:
        if error.name not in [".".join(parts[: i + 1]) for i in range(len(parts))]:
            raise
    # The name is taken by another module (a `tests` package among the dependencies) or is no identifier.
    spec = importlib.util.spec_from_file_location(name, os.path.abspath(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def shuffled(suite, seed):
    """The same tests in another order, one class after the other. A test's place depends on the seed and names, not on what else there is."""
    if type(suite) is not unittest.TestSuite:
        return suite
    parts = sorted((shuffled(part, seed) for part in suite), key=lambda part: place_of(seed, name_of(part)))
    classes = list(dict.fromkeys(type(part) for part in parts))
    return unittest.TestSuite(sorted(parts, key=lambda part: classes.index(type(part))))


def name_of(part):
    if isinstance(part, unittest.BaseTestSuite):
        return type(next(iter(part), None)).__qualname__
    return part.id()


def run_file(report, tree, path, seconds, seed):
    start_timer(seconds)
    try:
        module = load(os.path.relpath(os.path.join(tree, path)))
        suite = unittest.TestLoader().loadTestsFromModule(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        report.file(path, report.describe(error))
        return
    finally:
        stop_timer()
    if seed is not None:
        suite = shuffled(suite, seed)
    expected = suite.countTestCases()
    result = Result(report, path, seconds)
    files = report.files
    try:
        suite.run(result)
    except TestTimeout as error:
        report.file(path, report.describe(error))
    finally:
        stop_timer()
    if expected == 0:
        report.file(path, said("", "No test was found in this file: it holds no unittest.TestCase with test methods."))
    elif result.ran < expected and report.files == files:
        report.file(path, said("", f"Only {result.ran} of {expected} tests ran."))
    left = left_threads()
    if left:
        report.file(path, said("", f"The tests ended but left threads running: {', '.join(left[:5])}."))


LEFT = set()


def left_threads():
    """Threads that would keep the interpreter alive, each named once."""
    new = [t for t in threading.enumerate() if t is not threading.main_thread() and not t.daemon and t not in LEFT]
    for thread in new:
        thread.join(2)
    alive = [t for t in new if t.is_alive()]
    LEFT.update(alive)
    return [t.name for t in alive]


def main():
    settings = read_settings()
    report = Report(settings, "unittest")
    files, seed = settings["files"], settings["seed"]
    sys.argv[:] = ["unittest"]
    open_paths(settings)
    for path in files:
        run_file(report, settings["treeDir"], path, settings["testSeconds"], seed)
    report.finish()
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads that a test left behind must not keep the process.
    os._exit(0)


main()
