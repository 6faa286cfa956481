// Bundles the sources into dist/, split so that each command loads only what it needs. Run by scripts/setup.mjs.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);
// Built beside dist/ and swapped in, so that a run that is under way never sees half a build.
const out = at(`dist.${process.pid}`);

const ENTRIES = {
  cli: 'src/cli.ts',
  'ts-worker': 'src/effects/languages/ts-worker.ts',
  'map-worker': 'src/effects/repomap/map-worker.ts',
  sandbox: 'sandbox/index.ts',
};
const ASSETS = {
  runners: 'src/effects/runners/assets',
  python: 'src/effects/languages/python/assets',
  oracle: 'src/effects/oracle/assets',
  report: 'src/surfaces/report/assets',
};

/** Too large to gain from bundling (ts-morph grows slower by it), or not code, or with files of its own beside it (web-tree-sitter). */
const EXTERNAL = [/^node:/, 'ts-morph', 'typescript', '@types/node', 'web-tree-sitter'];

/** ink imports its debugging aid even when it is off. */
const noDevtools = {
  name: 'no-devtools',
  resolveId: (id) => (id === 'react-devtools-core' ? { id: '\0react-devtools-core', external: false } : null),
  load: (id) => (id === '\0react-devtools-core' ? 'export default {};' : null),
};

/**
 * What is loaded together is one file, because each file costs half a millisecond to find and load. `dirs` comes before the compile cache is on and is
 * kept small, `start` is what every command needs, `run` what a run needs before its first request.
 */
const TOGETHER = {
  dirs: ['src/config/dirs.ts', 'src/root.ts'],
  start: ['src/commands/main.ts'],
  run: ['src/commands/run.ts', 'src/commands/play.ts', 'src/run.ts', 'src/surfaces/plain.ts'],
};

const importsOf = new Map();
const remember = { name: 'remember', moduleParsed: ({ id, importedIds }) => void importsOf.set(id, importedIds) };

/** The files of `TOGETHER`, each with everything that its members import, also indirectly, and no file before it holds. */
function groups() {
  return Object.entries(TOGETHER).map(([name, members], i) => {
    let reached;
    const test = (id) => {
      if (!reached) {
        reached = new Set(members.map((path) => at(path)));
        for (const known of reached) for (const next of importsOf.get(known) ?? []) reached.add(next);
      }
      return reached.has(id);
    };
    return { name, test, priority: 10 - i };
  });
}

/**
 * Node's modules by property access instead of `import`: an import reads every export once, and some are made only when they are read (the streams
 * of fs, the allowed flags of process, the web crypto of crypto). That is 10 ms of each start.
 */
const plainBuiltins = {
  name: 'plain-builtins',
  generateBundle(_, output) {
    for (const chunk of Object.values(output)) if (chunk.type === 'chunk') chunk.code = withPlainBuiltins(chunk.code);
  },
};

function withPlainBuiltins(code) {
  const statement = /import\s*(?:([\w$]+)?\s*,?\s*(?:\{([^}]*)\}|\*\s*as\s+([\w$]+))?\s*from\s*)?(["'`])([^"'`]+)\4;/y;
  let imports = '';
  let reads = '';
  let at = 0;
  for (let match = statement.exec(code); match; match = statement.exec(code)) {
    const [whole, only, named, all, , from] = match;
    at += whole.length;
    if (!from.startsWith('node:')) imports += whole;
    else {
      const names = [only, all, named && `{${named.replace(/\s+as\s+/g, ':')}}`].filter(Boolean);
      // An old Node, which has no such function, still has to say that it is too old.
      for (const name of names) reads += `const ${name}=process.getBuiltinModule?.("${from}")??{};`;
    }
  }
  return imports + reads + code.slice(at);
}

try {
  await bundle();
  types();
  for (const [name, folder] of Object.entries(ASSETS)) {
    if (existsSync(at(folder)))
      cpSync(at(folder), join(out, 'assets', name), { recursive: true, filter: (path) => !path.includes('__pycache__') });
  }
  // The charts of a report are put into its page as they are.
  for (const file of ['dist/uPlot.iife.min.js', 'dist/uPlot.min.css', 'LICENSE'])
    cpSync(at('node_modules/uplot', file), join(out, 'assets/uplot', file));
  rmSync(at('dist'), { recursive: true, force: true });
  renameSync(out, at('dist'));
} finally {
  rmSync(out, { recursive: true, force: true });
}

async function bundle() {
  const input = Object.fromEntries(
    Object.entries(ENTRIES)
      .filter(([, path]) => existsSync(at(path)))
      .map(([name, path]) => [name, at(path)]),
  );
  const build = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    external: EXTERNAL,
    plugins: [noDevtools, remember, plainBuiltins],
    transform: { define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' } },
    onLog: (level, log, next) => {
      if (!['EVAL', 'CIRCULAR_DEPENDENCY', 'INEFFECTIVE_DYNAMIC_IMPORT'].includes(log.code)) next(level, log);
    },
  });
  // Flat, because code finds what is shipped beside it by its own address (src/root.ts).
  const { output } = await build.write({
    dir: out,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunk-[name]-[hash].js',
    minify: true,
    codeSplitting: { groups: groups() },
    comments: { legal: true },
  });
  await build.close();
  writeFileSync(join(out, 'THIRD-PARTY.txt'), licences(output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []))));
}

/** The licence texts of the packages whose code is in the bundle. */
function licences(modules) {
  const folders = new Set(modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []));
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.|$)/i.test(entry));
    return `${name} ${version} (${license ?? 'see its page'})\n\n${file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim()}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

/** Declarations of the sandbox, which others may import. */
function types() {
  if (!existsSync(at('sandbox/index.ts'))) return;
  const args = [
    '--declaration',
    '--noCheck',
    '--emitDeclarationOnly',
    '--noEmit',
    'false',
    '--rewriteRelativeImportExtensions',
    '--rootDir',
    '.',
    '--outDir',
    join(out, 'types'),
  ];
  const options = [
    '--target',
    'es2024',
    '--module',
    'nodenext',
    '--types',
    'node',
    '--lib',
    'es2024,esnext.disposable',
    '--strict',
    '--skipLibCheck',
    '--allowImportingTsExtensions',
  ];
  const tsc = spawnSync(at('node_modules/.bin/tsc'), ['--ignoreConfig', ...args, ...options, 'sandbox/index.ts'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (tsc.status !== 0) throw new Error(`tsc: ${tsc.stdout}${tsc.stderr}`);
}
