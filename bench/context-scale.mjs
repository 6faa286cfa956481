// What the map costs as a repository grows. The repository is generated: TypeScript in folders, each file importing some of its neighbours.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { table, tempFolder } from './measure.mjs';
import { watchMemory } from './processes.mjs';

const SIZES = [30, 100, 1_000, 10_000, 30_000];
const WORDS =
  'queue retry timeout cache parser token route handler stream buffer session cursor filter schema merge upload socket header cookie proxy worker event logger metric policy window batch index lock ledger invoice tenant'.split(
    ' ',
  );
const word = (n) => WORDS[n % WORDS.length];
const upper = (text) => text[0].toUpperCase() + text.slice(1);
const pathOf = (i) => `src/${word(i >> 10)}${i >> 10}/${word(i >> 5)}${(i >> 5) % 32}/${word(i * 7)}-${word(i * 3)}-${i}.ts`;

/** About 5 KB, as source files are: imports, a class with methods, functions, comments. */
export function textOf(i, count) {
  const name = `${upper(word(i * 7))}${upper(word(i * 3))}${i}`;
  const imports = [1, 5, 17]
    .map((step) => (i + step) % count)
    .map((j) => `import { create${upper(word(j * 7))}${upper(word(j * 3))}${j} } from '${'../'.repeat(3)}${pathOf(j)}';`);
  const methods = Array.from({ length: 24 }, (_, n) => {
    const [a, b] = [word(i + n * 5), word(i * 3 + n)];
    return `  /** Takes the ${a} of a ${b} and gives back what is left of it. */\n  ${a}${upper(b)}${n}(${a}: string, limit = ${n}): number {\n    const ${b}Size = this.${a}.length + limit;\n    return ${b}Size > ${n * 3} ? ${b}Size : limit;\n  }\n`;
  });
  return `${imports.join('\n')}\n\nexport class ${name} {\n${methods.join('\n')}}\n\nexport function create${name}(): ${name} {\n  return new ${name}();\n}\n`;
}

/** Writes the repository into `dir`. */
export function generate(dir, count) {
  for (let i = 0; i < count; i++) {
    const path = join(dir, pathOf(i));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, textOf(i, count));
  }
}

function options(count, dir) {
  const files = Array.from({ length: count }, (_, i) => ({
    path: pathOf(i),
    oid: createHash('sha1').update(`${i}`).digest('hex'),
    size: 6_000,
  }));
  const read = async (paths) => paths.map((path) => readFileSync(join(dir, 'repository', path), 'utf8'));
  return { files, cacheDir: join(dir, 'cache'), read };
}

const QUERY = { task: 'The retry queue drops an invoice when its timeout is over', frames: [], seeds: [] };

/** Bundles the map as the build does: sources that Node strips of types would cost each process 40 MB. */
export async function bundleMap(dir) {
  const input = { map: 'src/effects/repomap/map.ts', 'map-worker': 'src/effects/repomap/map-worker.ts' };
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const { rolldown } = await import('rolldown');
  const build = await rolldown({ cwd: root, input, platform: 'node', external: [/^node:/, 'web-tree-sitter'] });
  await build.write({ dir, format: 'esm', entryFileNames: '[name].js' });
  await build.close();
  writeFileSync(join(dir, 'package.json'), '{"type":"module"}');
}

async function ask(map) {
  const start = performance.now();
  await map.rank(QUERY, { count: 10 });
  return performance.now() - start;
}

/** In a process of its own: milliseconds of a cold map, of a first and a later answer of one with a cache. */
async function one(count, dir, warm) {
  const { createRepoMap } = await import(join(dir, 'dist', 'map.js'));
  const map = createRepoMap(options(count, dir));
  const first = await ask(map);
  return warm ? [first, await ask(map), await ask(map)] : [first];
}

function measured(count, dir, kind) {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), kind, String(count), dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const watch = watchMemory(child.pid);
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  return new Promise((done) => child.on('close', () => done({ numbers: JSON.parse(text), memory: watch.stop() })));
}

export const SCALE_HEAD = [
  'files',
  'cold, ms',
  'first with cache, ms',
  'again, ms',
  'peak cold, MB (Pss, all processes)',
  'of it the harness',
  'peak with cache, MB',
];

/** A row for each size. */
export async function scale() {
  const rows = [];
  for (const count of SIZES) {
    const temp = tempFolder();
    generate(temp.at('repository'), count);
    await bundleMap(temp.at('dist'));
    const cold = await measured(count, temp.dir, 'cold');
    const warm = await measured(count, temp.dir, 'warm');
    const figures = [
      cold.numbers[0],
      warm.numbers[0],
      Math.min(...warm.numbers.slice(1)),
      cold.memory.tree,
      cold.memory.root,
      warm.memory.tree,
    ];
    rows.push([String(count), ...figures.map((x) => x.toFixed(0))]);
    temp.clean();
  }
  return rows;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , kind, count, dir] = process.argv;
  if (kind === undefined) console.log(table([SCALE_HEAD, ...(await scale())]));
  else console.log(JSON.stringify(await one(Number(count), dir, kind === 'warm')));
}
