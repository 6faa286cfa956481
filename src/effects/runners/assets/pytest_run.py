"""Runs test files with pytest and writes our report. Runs inside the box:
python3 -I -B pytest_run.py < settings
"""
import os
import sys
import tempfile
from importlib import metadata

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from redgreen_report import Report, TestTimeout, open_paths, place_of, read_settings, said, start_timer, stop_timer  # noqa: E402

sys.path.pop(0)


class Plugin:
    def __init__(self, report, settings, files):
        self.report, self.files, self.tree = report, files, settings["treeDir"]
        self.seconds, self.seed, self.project = settings["testSeconds"], settings["seed"], settings["project"]
        self.collected, self.done, self.failed, self.left_out = {}, set(), set(), set()
        self.phases, self.reasons = {}, {}
        self.collecting = ""
        self.root = self.tree
        self.ended = False

    def pytest_configure(self, config):
        if self.project is None:
            # Code under test is not to learn from its environment that it is tested.
            for name in ("PYTEST_VERSION", "PYTEST_DISABLE_PLUGIN_AUTOLOAD"):
                os.environ.pop(name, None)
            return
        self.root = str(config.rootdir if not hasattr(config, "rootpath") else config.rootpath)
        # Tests of ours are planted under the usual names.
        for key, usual in (("python_functions", "test"), ("python_classes", "Test")):
            if usual not in config.getini(key):
                config.addinivalue_line(key, usual)
        self.seconds = max(self.seconds, timeout_of(config))

    def path_of(self, nodeid):
        """Path from the tree's root; an id begins with one from pytest's own."""
        path = nodeid.split("::")[0]
        if self.project is None or path == "":
            return path
        return os.path.relpath(os.path.join(os.path.realpath(self.root), path), os.path.realpath(self.tree))

    def pytest_collectstart(self, collector):
        self.collecting = self.path_of(collector.nodeid)

    def pytest_exception_interact(self, node, call, report):
        """Comes before the report of a file that did not load, and has the exception itself."""
        if report.when == "collect":
            error = call.excinfo.value
            if type(error).__name__ == "CollectError":
                error = error.__cause__ or error.__context__ or error
            self.reasons[report.nodeid] = self.report.describe(error)

    def pytest_collectreport(self, report):
        if report.failed:
            reason = self.reasons.get(report.nodeid) or said("", short(report.longrepr), stack_of(report.longrepr))
            self.fail(self.path_of(report.nodeid), reason)
        elif report.skipped:
            self.fail(self.path_of(report.nodeid), said("", f"skipped as a whole: {report.longrepr[2]}"))

    def pytest_collection_modifyitems(self, items):
        if self.seed is not None:
            items[:] = shuffled(items, self.seed)

    def pytest_deselected(self, items):
        """Left out by a mark or a name that the project's own options choose by."""
        for item in items:
            self.left_out.add(self.path_of(item.nodeid))
            self.report.test(self.path_of(item.nodeid), names_of(item.nodeid.split("::")[1:]), "skipped")

    def pytest_collection_finish(self, session):
        self.collected = {item.nodeid: item for item in session.items}

    def pytest_runtest_logstart(self, nodeid, location):
        self.phases[nodeid] = []
        start_timer(self.seconds)

    def pytest_runtest_logreport(self, report):
        self.phases.setdefault(report.nodeid, []).append(report)

    def pytest_runtest_logfinish(self, nodeid, location):
        stop_timer()
        self.done.add(nodeid)
        reports = self.phases.pop(nodeid, [])
        status, error = result_of(reports)
        retried = any(r.outcome == "rerun" for r in reports)
        self.report.test(self.path_of(nodeid), names_of(nodeid.split("::")[1:]), status, error, retried)

    def pytest_internalerror(self, excrepr, excinfo):
        self.report.file(self.collecting, self.report.describe(excinfo.value, "inside pytest"))

    def fail(self, path, error):
        self.failed.add(path)
        self.report.file(path, error)

    def pytest_sessionfinish(self, session, exitstatus):
        self.ended = int(exitstatus) in (0, 1, 2, 5)
        with_tests = {self.path_of(nodeid) for nodeid in self.collected} | self.left_out
        for path in self.files:
            if path not in with_tests and path not in self.failed:
                self.fail(path, said("", "No test was found in this file."))
        for nodeid in self.collected:
            # Collection errors in one file keep pytest from running the others.
            if nodeid not in self.done and not self.failed:
                self.fail(self.path_of(nodeid), said("", f"{nodeid} was collected but not run."))


def shuffled(items, seed):
    """The same tests in another order, one file and one class after the other. A test's place depends on the seed and names, not on what else there is."""
    files = list(dict.fromkeys(item.nodeid.split("::")[0] for item in items))

    def key(item):
        group = item.parent.nodeid
        return files.index(item.nodeid.split("::")[0]), place_of(seed, group), group, place_of(seed, item.nodeid)

    return sorted(items, key=key)


def result_of(reports):
    """One status of set-up, call and tear-down."""
    bad = [r for r in reports if r.failed]
    if bad:
        first = bad[0]
        where = "" if first.when == "call" else f"in {first.when}"
        others = "\n".join(f"also in {r.when}: {short(r.longrepr)}" for r in bad[1:])
        return "failed", said("", short(first.longrepr), stack_of(first.longrepr), "\n".join(p for p in [where, others] if p))
    if any(hasattr(r, "wasxfail") for r in reports):
        return "todo", None
    if any(r.skipped for r in reports):
        return "skipped", None
    if any(r.when == "call" and r.passed for r in reports):
        return "passed", None
    return "failed", said("", "the test was set up but never called")


def short(longrepr):
    """What failed, without source listings: the last exception's message."""
    crash = getattr(longrepr, "reprcrash", None)
    if crash is not None:
        return crash.message
    return str(longrepr)


def stack_of(longrepr):
    traceback = getattr(longrepr, "reprtraceback", None)
    lines = []
    for entry in reversed(getattr(traceback, "reprentries", [])):
        place = getattr(entry, "reprfileloc", None)
        if place is not None:
            lines.append(f"    at <frame> ({os.path.abspath(str(place.path))}:{place.lineno})")
    return "\n".join(lines[:30])


def names_of(parts):
    return parts or ["?"]


def timeout_of(config):
    """Seconds that the project's own setting of a plugin for timeouts allows, or 0."""
    try:
        return float(config.getini("timeout") or 0)
    except (KeyError, TypeError, ValueError):
        return 0


def plugins_of(deps):
    """Plugins of planned packages; entry points found elsewhere (in the tree) are not loaded."""
    if not deps:
        return []
    found = {p.name for d in metadata.distributions(path=[deps]) for p in d.entry_points if p.group == "pytest11"}
    return [arg for name in sorted(found) for arg in ("-p", name)]


def our_arguments(settings, conftests):
    """No setting of the tree is read."""
    tree, deps = settings["treeDir"], settings.get("depsDir")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    ini = os.path.join(tempfile.mkdtemp(prefix="redgreen-"), "pytest.ini")
    with open(ini, "w") as out:
        out.write("[pytest]\naddopts =\nxfail_strict = true\npython_files = *.py\n")
    args = ["-c", ini, f"--rootdir={tree}", f"--confcutdir={tree}", "-p", "no:cacheprovider"]
    return args + ([] if conftests else ["--noconftest"]) + plugins_of(deps)


# By plugin: what takes back an option with which a project's settings choose, spread, shuffle, stop or count tests.
TAKEN_BACK = {"xdist": ["-n0"], "pytest_cov": ["--no-cov"], "randomly": ["-p", "no:randomly"], "random_order": ["-p", "no:random_order"]}


def project_arguments(settings):
    """The project's settings, conftest files and installed plugins count, but for what is run and how it is reported."""
    tree, project = settings["treeDir"], settings["project"]
    config = ["-c", os.path.join(tree, project["config"])] if project["config"] else []
    paths = [settings["depsDir"], *sys.path] if settings.get("depsDir") else sys.path
    found = {p.name for d in metadata.distributions(path=paths) for p in d.entry_points if p.group == "pytest11"}
    back = [arg for name, args in TAKEN_BACK.items() if name in found for arg in args]
    cache = ["-o", f"cache_dir={tempfile.mkdtemp(prefix='redgreen-')}"]
    return [*config, *project["flags"], *cache, "--maxfail=0", "--junitxml=", *back]


def load_pytest(report, deps):
    """pytest, before the tree is on the path."""
    sys.path[:0] = [deps] if deps else []
    try:
        import pytest
    except ImportError as error:
        refuse(report, report.describe(error, "pytest is not installed for the python3 that runs in the box, nor in this project"))
    if deps:
        sys.path.remove(deps)
    if int(pytest.__version__.split(".")[0]) < 6:
        refuse(report, said("", f"pytest {pytest.__version__} is too old to report to redgreen: it needs pytest 6 or newer."))
    return pytest


def refuse(report, error):
    report.file("", error)
    os._exit(1)


class Tail:
    """Standard error, and the end of what was written there: pytest says only there why it will not start."""

    def __init__(self, stream):
        self.stream, self.text = stream, ""

    def write(self, text):
        self.text = (self.text + text)[-2000:]
        return self.stream.write(text)

    def __getattr__(self, name):
        return getattr(self.stream, name)


def main():
    settings = read_settings()
    files = settings["files"]
    report = Report(settings, "pytest")
    sys.argv[:] = ["pytest"]
    pytest = load_pytest(report, settings.get("depsDir"))
    from _pytest import runner

    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)
    conftests = [f for f in files if os.path.basename(f) == "conftest.py"]
    tests = [f for f in files if f not in conftests]
    plugin = Plugin(report, settings, tests)
    if settings["project"] is None:
        args = our_arguments(settings, conftests)
        if hasattr(runner, "_update_current_test_var"):
            runner._update_current_test_var = lambda item, when: None
    else:
        args = project_arguments(settings)
    open_paths(settings)
    # After a collection error the other files run all the same.
    args += ["-q", "--tb=long", "--color=no", "--continue-on-collection-errors", "--", *(os.path.relpath(os.path.join(settings["treeDir"], f)) for f in tests)]
    sys.stderr = tail = Tail(sys.stderr)
    try:
        pytest.main(args, plugins=[plugin])
    except TestTimeout:
        pass
    except BaseException as error:
        report.file(plugin.collecting, report.describe(error))
    if plugin.ended:
        report.finish()
    elif tail.text:
        report.file("", said("", f"pytest did not start: {tail.text}"))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


main()
