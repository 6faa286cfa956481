// Names of packages and standard modules.
import type { CodeLanguage, PlannedPackage } from './plan.ts';

// `module.builtinModules` of Node 24, top-level names.
const NODE_MODULES = new Set(
  `assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events fs http http2 https
  inspector module net os path perf_hooks process punycode querystring readline repl stream string_decoder sys timers tls trace_events tty url
  util v8 vm wasi worker_threads zlib`.split(/\s+/),
);

// `sys.stdlib_module_names` of CPython 3.9 to 3.13, public ones that run on Linux and macOS.
const PYTHON_MODULES = new Set(
  `abc argparse array ast asyncio atexit base64 bdb binascii bisect builtins bz2 cProfile calendar cmath cmd code codecs codeop collections
  colorsys compileall concurrent configparser contextlib contextvars copy copyreg csv ctypes curses dataclasses datetime dbm decimal difflib dis
  doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt
  getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib importlib inspect io ipaddress itertools json keyword
  linecache locale logging lzma mailbox marshal math mimetypes mmap modulefinder multiprocessing netrc numbers opcode operator optparse os
  pathlib pdb pickle pickletools pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pyexpat
  queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtplib
  socket socketserver sqlite3 ssl stat statistics string stringprep struct subprocess symtable sys sysconfig syslog tabnanny tarfile tempfile
  termios textwrap this threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle types typing unicodedata
  unittest urllib uuid venv warnings wave weakref webbrowser wsgiref xml xmlrpc zipapp zipfile zipimport zlib zoneinfo __future__`.split(
    /\s+/,
  ),
);

/** True for a module that comes with the language: `node:fs`, `fs/promises`, `urllib.parse`. */
export function isStandardModule(name: string, language: CodeLanguage): boolean {
  if (language === 'python') return PYTHON_MODULES.has(name.split('.')[0] ?? '');
  return /^node:[a-z0-9_/]+$/.test(name) || NODE_MODULES.has(name.split('/')[0] ?? '');
}

/** A package's name as its registry compares it (PEP 503 for PyPI). */
export function packageKey(name: string, language: CodeLanguage): string {
  return language === 'python' ? name.toLowerCase().replace(/[-_.]+/g, '-') : name;
}

/** The package that an import belongs to: `@a/b/c` is of `@a/b`, `yaml.nodes` of `yaml`. */
function packageOfImport(name: string, language: CodeLanguage): string {
  if (language === 'python') return name.split('.')[0] ?? name;
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

// Distributions that are imported by another name, the usual ones. Others are planned and used by their distribution's name.
const IMPORT_NAMES: Readonly<Record<string, string>> = {
  yaml: 'pyyaml',
  bs4: 'beautifulsoup4',
  dateutil: 'python-dateutil',
  dotenv: 'python-dotenv',
  PIL: 'pillow',
  sklearn: 'scikit-learn',
  cv2: 'opencv-python',
  jwt: 'pyjwt',
  attr: 'attrs',
  serial: 'pyserial',
};

/** True when one of the planned packages provides the import. */
export function isPlannedImport(name: string, packages: ReadonlySet<string>, language: CodeLanguage): boolean {
  const owner = packageOfImport(name, language);
  if (packages.has(packageKey(owner, language)) || packages.has(packageKey(name, language))) return true;
  return language === 'python' && packages.has(IMPORT_NAMES[owner] ?? '');
}

// https://docs.npmjs.com/cli/v11/configuring-npm/package-json#name
const NPM_NAME = /^(?:@[a-z0-9][a-z0-9._~-]*\/)?[a-z0-9][a-z0-9._~-]*$/;
// https://packaging.python.org/en/latest/specifications/name-normalization/
const PYPI_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;

/** What is wrong with a package's name or range; null when nothing is. */
export function packageProblem(p: PlannedPackage, language: CodeLanguage): string | null {
  const python = language === 'python';
  if (!(python ? PYPI_NAME : NPM_NAME).test(p.name) || p.name.length > 214)
    return `"${p.name.slice(0, 80)}" is not a package name of ${python ? 'PyPI' : 'npm'}`;
  if (isStandardModule(p.name, language)) return `"${p.name}" comes with ${python ? 'Python' : 'Node'}: drop it from the packages`;
  const range = python ? /^[\w.*+!<>=~^, -]*$/ : /^[\w.*+<>=~^| -]*$/;
  if (!range.test(p.range) || p.range.length > 100)
    return `"${p.range.slice(0, 80)}" is not a version range: give one such as "${python ? '>=2,<3' : '^2.0.0'}", or nothing for the newest`;
  return null;
}
