// Programs that run a harness script inside the box and say which lines of one file were run: the last line that they print.
//
// Formats: the V8 coverage that Node writes for NODE_V8_COVERAGE (nodejs.org/api/cli.html#node_v8_coveragedir, the inspector's
// `Profiler.ScriptCoverage`), and Python's `sys.settrace` (docs.python.org/3/library/sys.html#sys.settrace).

/** Of ranges that lie in each other the inner one counts. A script that is not the file's own text (it was transformed) says nothing of lines. */
export const NODE_LINES = `import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { file, mark } = JSON.parse(process.argv[2]);
const dir = mkdtempSync(join(tmpdir(), 'lines-'));
const env = { ...process.env, NODE_V8_COVERAGE: dir };
const child = spawn(process.execPath, process.argv.slice(3), { stdio: 'inherit', env });
child.on('close', (code) => {
  process.exitCode = code ?? 1;
  console.log('\\n' + mark + JSON.stringify(found()));
});

function found() {
  const path = realpathSync(file);
  const text = readFileSync(path, 'utf8');
  const url = pathToFileURL(path).href;
  const names = readdirSync(dir);
  if (names.length === 0) return null;
  const lines = new Set();
  for (const name of names) {
    for (const script of JSON.parse(readFileSync(join(dir, name), 'utf8')).result) {
      if (script.url.split('?')[0] !== url) continue;
      const size = Math.max(...script.functions.flatMap((f) => f.ranges.map((r) => r.endOffset)));
      // Node itself puts blanks in place of types, and names the source at the end.
      if (size !== text.length && size !== text.length + ('\\n\\n//# sourceURL=' + script.url).length) return null;
      for (const line of reached(text, script.functions)) lines.add(line);
    }
  }
  return { lines: [...lines] };
}

function reached(text, functions) {
  const ranges = functions.flatMap((f) => f.ranges);
  let at = 0;
  return text.split('\\n').flatMap((line, i) => {
    const from = at + line.length - line.trimStart().length;
    const to = at + line.trimEnd().length;
    at += line.length + 1;
    const around = ranges.filter((r) => r.startOffset <= from && to <= r.endOffset);
    const inner = around.reduce((a, b) => (b.endOffset - b.startOffset <= a.endOffset - a.startOffset ? b : a), { startOffset: 0, endOffset: Infinity, count: 0 });
    return inner.count > 0 ? [i + 1] : [];
  });
}
`;

/** Harness scripts leave by \`os._exit\`. */
export const PYTHON_LINES = `import json, os, runpy, sys, threading

spec = json.loads(sys.argv[1])
target = os.path.realpath(spec['file'])
lines = set()
known = {}


def inside(frame, event, arg):
    if event == 'line':
        lines.add(frame.f_lineno)
    return inside


def trace(frame, event, arg):
    name = frame.f_code.co_filename
    if name not in known:
        known[name] = os.path.realpath(name) == target
    return inside if known[name] else None


def holding(code):
    own = {line for _, _, line in code.co_lines() if line}
    return own.union(*(holding(c) for c in code.co_consts if hasattr(c, 'co_lines')))


def leave(status):
    sys.settrace(None)
    try:
        with open(target, encoding='utf-8') as source:
            code = sorted(holding(compile(source.read(), target, 'exec')))
        said = {'lines': sorted(lines), 'code': code}
    except (OSError, SyntaxError, ValueError):
        said = None
    os.write(1, ('\\n' + spec['mark'] + json.dumps(said) + '\\n').encode())
    ended(status)


ended = os._exit
os._exit = leave
threading.settrace(trace)
sys.settrace(trace)
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name='__main__')
leave(0)
`;
