// What mutants cost and what they find: `node bench/mutation.ts FOLDER…` tries each project's own tests on mutants of its code, in the box.
// --count N (30), --seed TEXT (the task's hash in a run), --time SECONDS (60), --list names the survivors and shows what was changed.
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import type { Language } from '../src/core/ports.ts';
import { createBox } from '../src/effects/box.ts';
import { createJavascript } from '../src/effects/languages/javascript.ts';
import { createPython } from '../src/effects/languages/python.ts';
import { createTypescript } from '../src/effects/languages/typescript.ts';
import { createRunners } from '../src/effects/runners/index.ts';
import { mutating } from '../test/effects/steps/mutating.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '30' },
    seed: { type: 'string', default: 'bench' },
    time: { type: 'string', default: '60' },
    runner: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});
const stateDir = await mkdtemp(join(tmpdir(), 'redgreen-bench-'));
const box = await createBox({ stateDir, env: { PATH: process.env['PATH'] } });
const languages: readonly Language[] = [createTypescript(), createJavascript(), createPython({ box: async () => box })];
try {
  console.log('project | tests | mutants | killed | wall s | s a mutant | CPU s');
  for (const folder of positionals) await measure(folder);
} finally {
  await Promise.all(languages.map((l) => l.close()));
  await box.close();
  rmSync(stateDir, { recursive: true, force: true });
}

async function measure(folder: string): Promise<void> {
  const files = read(folder, folder);
  const paths = Object.keys(files);
  const id = paths.some((p) => p.endsWith('.py')) ? 'python' : paths.some((p) => p.endsWith('.ts')) ? 'typescript' : 'javascript';
  const language = languages.find((l) => l.id === id);
  const runner = createRunners().runner(values.runner ?? (id === 'python' ? 'unittest' : 'node:test'));
  if (!language) throw new Error(`no language for ${folder}`);
  const isCode = (path: string) => /\.([cm]?[jt]s|py)$/.test(path) && !/(^|\/)tests?\//.test(path) && !runner.isTestFile(path);
  const pick = (wanted: (path: string) => boolean) => Object.fromEntries(paths.filter(wanted).map((path) => [path, files[path] ?? '']));
  const [tests, code] = [pick((p) => runner.isTestFile(p)), pick(isCode)];
  const rest = pick((path) => !isCode(path) && !runner.isTestFile(path));
  const cpu = process.resourceUsage();
  const began = cpuOfChildren();
  const events = await mutating({
    box,
    language,
    runner,
    tests,
    code,
    rest,
    prompt: values.seed,
    mutants: Number(values.count),
    mutationMs: Number(values.time) * 1000,
  });
  const score = events.at(-1);
  for (const e of events) if (e.type === 'note') console.log(e.text);
  if (score?.type !== 'mutated') throw new Error('no score');
  const own = process.resourceUsage();
  const seconds = (own.userCPUTime + own.systemCPUTime - cpu.userCPUTime - cpu.systemCPUTime) / 1e6 + cpuOfChildren() - began;
  const each = score.ms / 1000 / Math.max(1, score.mutants);
  console.log(
    `${folder} | ${Object.keys(tests).length} files | ${score.mutants}${score.cut ? ' (cut)' : ''} | ${score.killed} | ${(score.ms / 1000).toFixed(1)} | ${each.toFixed(2)} | ${seconds.toFixed(1)}`,
  );
  if (values.list)
    for (const m of score.survivors)
      console.log(
        `  ${m.path}:${m.line} ${m.inside} [${m.operator}] ${m.behaviour}\n    ${files[m.path]?.split('\n')[m.line - 1]?.trim()}`,
      );
}

/** Seconds that children which have ended took, from /proc; 0 where there is none. */
function cpuOfChildren(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {
    return 0;
  }
}

function read(root: string, folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name === 'node_modules' || name === '__pycache__' || name.startsWith('.')) continue;
    if (statSync(path).isDirectory()) Object.assign(files, read(root, path));
    else if (/\.([cm]?[jt]s|py|json|toml|md)$/.test(name)) files[relative(root, path)] = readFileSync(path, 'utf8');
  }
  return files;
}
