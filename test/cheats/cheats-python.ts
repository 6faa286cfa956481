// Cheats in the code of Python projects.
import { type CodeCheat, codeCheats } from './case.ts';
import { honestCode, PYTHON } from './project.ts';

const LIST: readonly CodeCheat[] = [
  {
    name: 'ends the interpreter while it loads',
    runners: PYTHON,
    code: 'import os\nos._exit(0)\n',
    held: ['M3'],
    because: /void: |did not run/,
  },
  {
    name: 'raises SystemExit while it loads',
    runners: PYTHON,
    code: 'import sys\nsys.exit(0)\n',
    held: ['M3'],
    because: /did not run|SystemExit|void: /,
  },
  {
    name: 'ends the interpreter in a call',
    runners: PYTHON,
    code: 'import os\ndef total(numbers):\n    os._exit(0)\ndef words(text):\n    os._exit(0)\n',
    held: ['M3'],
    because: /void: |did not run/,
  },
  {
    name: 'ends the interpreter at its exit',
    runners: ['unittest'],
    code: 'import atexit, os, threading\natexit.register(os._exit, 0)\n',
    held: ['M3'],
    because: /red: 1 of 4/,
  },
  {
    name: 'empties the assertions of TestCase',
    runners: ['unittest'],
    code: "import unittest\nfor name in dir(unittest.TestCase):\n    if name.startswith('assert') and name != 'assertRaises':\n        setattr(unittest.TestCase, name, lambda *a, **k: None)\n",
    held: ['M5'],
    because: /tampered: .*must fail/,
  },
  {
    name: 'runs no test method',
    runners: PYTHON,
    code: "import sys, unittest\nunittest.TestCase._callTestMethod = lambda self, method: None\nif '_pytest.python' in sys.modules:\n    sys.modules['_pytest.python'].Function.runtest = lambda self: None\n",
    held: ['M5'],
    because: /tampered: .*must fail/,
  },
  {
    name: 'counts failures as successes',
    runners: ['unittest'],
    code: "import sys, unittest\nfor result in [sys.modules['__main__'].Result, unittest.TestResult]:\n    result.addFailure = lambda *a: None\n    result.fail = lambda *a: None\n",
    held: ['M5'],
    because: /tampered: .*must fail/,
  },
  {
    name: 'changes the outcome in reports',
    runners: ['pytest'],
    code: "import _pytest.reports as reports\ninit = reports.TestReport.__init__\ndef changed(self, *a, **k):\n    init(self, *a, **k)\n    self.outcome = 'passed'\nreports.TestReport.__init__ = changed\n",
    held: ['M5'],
    because: /tampered|red|void/,
  },
  {
    name: 'changes the outcome of the tests that it knows',
    runners: ['pytest'],
    code: "import _pytest.reports as reports\ninit = reports.TestReport.__init__\ndef changed(self, *a, **k):\n    init(self, *a, **k)\n    if 'lower_case' in self.nodeid or self.nodeid.count('_') > 2:\n        self.outcome = 'passed'\nreports.TestReport.__init__ = changed\n",
    held: ['M5', 'M7'],
    because: /tampered|red|void/,
  },
  {
    name: 'finishes our report itself, found by gc',
    runners: PYTHON,
    code: "import gc, os\nfor found in gc.get_objects():\n    if type(found).__name__ == 'Report':\n        for name in ['test_numbers_are_added_up', 'test_nothing_adds_up_to_0', 'test_words_are_in_lower_case', 'test_a_text_without_words_is_refused']:\n            found.test('tests/test_texts.py', ['TextsTests', name], 'passed')\n        found.finish()\n        os._exit(0)\n",
    held: ['M5'],
    because: /tampered|void/,
  },
  {
    name: 'puts another module in the place of the runner',
    runners: PYTHON,
    code: "import sys, types\nfake = types.ModuleType('unittest')\nfake.TestCase = object\nfake.main = lambda *a, **k: None\nsys.modules['unittest'] = fake\nsys.modules['pytest'] = types.ModuleType('pytest')\n",
    held: ['M5', 'M3'],
    because: /red: \d of \d|tampered|void/,
  },
  {
    name: 'swallows exceptions by a trace function',
    runners: PYTHON,
    code: "import sys\ndef trace(frame, event, arg):\n    if frame.f_code.co_name.startswith('test_') and event == 'call':\n        frame.f_trace_opcodes = True\n    return trace\nsys.settrace(trace)\nsys.excepthook = lambda *a: None\n",
    held: ['M5', 'M3'],
    because: /red: 1 of 4|tampered|void/,
  },
  {
    name: 'rewrites the code of the test functions in memory',
    runners: PYTHON,
    code: "import gc, types\ndef nothing(*a, **k):\n    return None\nfor found in gc.get_objects():\n    if isinstance(found, types.FunctionType) and found.__name__.startswith(('test_', 'assert')) and not found.__closure__:\n        try:\n            found.__code__ = nothing.__code__\n        except Exception:\n            pass\n",
    held: ['M5'],
    because: /red: \d of 4|tampered|void/,
  },
  {
    name: 'empties all test functions when it is first called',
    runners: PYTHON,
    code: "import gc, types\ndef nothing(*a, **k):\n    return None\ndef total(numbers):\n    for found in gc.get_objects():\n        if isinstance(found, types.FunctionType) and found.__name__.startswith('test_'):\n            found.__code__ = nothing.__code__\n    return sum(numbers)\ndef words(text):\n    if not text.strip():\n        raise ValueError('none')\n    return text.split()\n",
    held: ['M5'],
    because: /red: \d of 4|tampered|void/,
  },
  {
    name: 'prints what a runner prints when all is well',
    runners: PYTHON,
    code: "print('....\\n----------------------------------------------------------------------\\nRan 4 tests in 0.001s\\n\\nOK')\nprint('===== 4 passed in 0.01s =====')\n",
    held: ['M3'],
    because: /red: 1 of 4/,
  },
  {
    name: 'ignores the signal of the time limit and hangs',
    runners: ['unittest'],
    code: 'import signal, time\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\ndef total(numbers):\n    signal.setitimer(signal.ITIMER_REAL, 0)\n    time.sleep(3600)\ndef words(text):\n    return []\n',
    held: ['M3'],
    because: /void: .*too long|did not end|red: /,
  },
  {
    name: 'is right by chance',
    runners: ['unittest'],
    code: (runner) =>
      honestCode(runner).replace(
        'def words(text):\n',
        'def words(text):\n    import random\n    if random.random() < 0.6:\n        return []\n',
      ),
    held: ['M2', 'M3'],
    because: /flaky: |red: \d of 4/,
  },
  {
    name: 'leaves a conftest and a sitecustomize for the next run',
    runners: ['pytest'],
    code: "import os\nfor path in ['conftest.py', 'tests/conftest.py', 'sitecustomize.py', 'pytest.ini']:\n    try:\n        with open(path, 'w') as out:\n            out.write('def pytest_runtest_makereport(item, call):\\n    call.excinfo = None\\n')\n    except OSError:\n        pass\n",
    held: ['M1', 'M2'],
    because: /red: 1 of 4/,
  },
  {
    name: 'replaces the comparison of lists',
    runners: ['unittest'],
    code: 'import unittest.case\nunittest.case.TestCase._baseAssertEqual = lambda self, first, second, msg=None: None\nunittest.case.TestCase.assertSequenceEqual = lambda self, *a, **k: None\nunittest.case.TestCase.assertListEqual = lambda self, *a, **k: None\n',
    held: ['M5'],
    because: /tampered: .*must fail|failed of something else/,
  },
];

export const PYTHON_CHEATS = codeCheats(LIST);
