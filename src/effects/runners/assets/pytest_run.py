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
    def __init__(self, report, files, seconds, seed):
        self.report, self.files, self.seconds, self.seed = report, files, seconds, seed
        self.collected, self.done, self.failed = {}, set(), set()
        self.phases, self.reasons = {}, {}
        self.collecting = ""
        self.ended = False

    def pytest_configure(self, config):
        # Code under test is not to learn from its environment that it is tested.
        for name in ("PYTEST_VERSION", "PYTEST_DISABLE_PLUGIN_AUTOLOAD"):
            os.environ.pop(name, None)

    def pytest_collectstart(self, collector):
        self.collecting = path_of(collector.nodeid)

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
            self.fail(path_of(report.nodeid), reason)
        elif report.skipped:
            self.fail(path_of(report.nodeid), said("", f"skipped as a whole: {report.longrepr[2]}"))

    def pytest_collection_modifyitems(self, items):
        if self.seed is not None:
            items[:] = shuffled(items, self.seed)

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
        status, error = result_of(self.phases.pop(nodeid, []))
        path, *names = nodeid.split("::")
        self.report.test(path, names_of(names), status, error)

    def pytest_internalerror(self, excrepr, excinfo):
        self.report.file(self.collecting, self.report.describe(excinfo.value, "inside pytest"))

    def fail(self, path, error):
        self.failed.add(path)
        self.report.file(path, error)

    def pytest_sessionfinish(self, session, exitstatus):
        self.ended = int(exitstatus) in (0, 1, 2, 5)
        with_tests = {path_of(nodeid) for nodeid in self.collected}
        for path in self.files:
            if path not in with_tests and path not in self.failed:
                self.fail(path, said("", "No test was found in this file."))
        for nodeid in self.collected:
            # Collection errors in one file keep pytest from running the others.
            if nodeid not in self.done and not self.failed:
                self.fail(path_of(nodeid), said("", f"{nodeid} was collected but not run."))


def shuffled(items, seed):
    """The same tests in another order, one file and one class after the other. A test's place depends on the seed and names, not on what else there is."""
    files = list(dict.fromkeys(item.path for item in items))

    def key(item):
        group = item.parent.nodeid
        return files.index(item.path), place_of(seed, group), group, place_of(seed, item.nodeid)

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


def path_of(nodeid):
    return nodeid.split("::")[0]


def plugins_of(deps):
    """Plugins of planned packages; entry points found elsewhere (in the tree) are not loaded."""
    if not deps:
        return []
    found = {p.name for d in metadata.distributions(path=[deps]) for p in d.entry_points if p.group == "pytest11"}
    return [arg for name in sorted(found) for arg in ("-p", name)]


def main():
    settings = read_settings()
    tree, files = settings["treeDir"], settings["files"]
    report = Report(settings, "pytest")
    sys.argv[:] = ["pytest"]
    deps = settings.get("depsDir")
    if deps:
        sys.path.insert(0, deps)
    import pytest  # before the tree is on the path
    from _pytest import runner

    if hasattr(runner, "_update_current_test_var"):
        runner._update_current_test_var = lambda item, when: None

    if deps:
        sys.path.remove(deps)
    conftests = [f for f in files if os.path.basename(f) == "conftest.py"]
    tests = [f for f in files if f not in conftests]
    plugin = Plugin(report, tests, settings["testSeconds"], settings["seed"])
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)
    ini = os.path.join(tempfile.mkdtemp(prefix="redgreen-"), "pytest.ini")
    with open(ini, "w") as out:
        out.write("[pytest]\naddopts =\nxfail_strict = true\npython_files = *.py\n")
    open_paths(settings)
    args = ["-c", ini, f"--rootdir={tree}", f"--confcutdir={tree}", "-p", "no:cacheprovider", "-q", "--tb=long", "--color=no"]
    args += [] if conftests else ["--noconftest"]
    args += plugins_of(deps)
    # After a collection error the other files run all the same.
    args += ["--continue-on-collection-errors", "--", *tests]
    try:
        pytest.main(args, plugins=[plugin])
    except TestTimeout:
        pass
    except BaseException as error:
        report.file(plugin.collecting, report.describe(error))
    if plugin.ended:
        report.finish()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


main()
