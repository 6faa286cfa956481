// Stages the package as it is published, in build/package: bundle, prompts and documents, without Node binaries, scripts or
// development dependencies. Then: npm pack ./build/package
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = process.argv[2] ?? join(root, 'build', 'package');

if (!existsSync(join(root, 'dist', 'cli.js'))) {
  process.stderr.write('redgreen pack: there is no dist/; run npm run build first.\n');
  process.exit(1);
}
const {
  private: _,
  scripts,
  devDependencies,
  optionalDependencies,
  dependencies,
  ...manifest
} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const path of manifest.files) {
  if (existsSync(join(root, path))) cpSync(join(root, path), join(out, path), { recursive: true });
}
rmSync(join(out, 'dist', '.built'), { force: true });
writeFileSync(join(out, 'package.json'), `${JSON.stringify({ ...manifest, dependencies: unbundled() }, null, 2)}\n`);
process.stdout.write(`${out}\n`);

/** What the bundle does not hold: the compiler, which it finds by name, the types that generated code is checked against, and what comes as programs: grammars and ripgrep. */
function unbundled() {
  const names = ['@types/node', '@vscode/ripgrep', '@vscode/tree-sitter-wasm', 'ts-morph', 'web-tree-sitter'];
  for (const file of readdirSync(join(root, 'dist')).filter((name) => name.endsWith('.js'))) {
    const source = readFileSync(join(root, 'dist', file), 'utf8');
    for (const [, name] of source.matchAll(/\b(?:from|import)\s*\(?\s*["'`]((?:@[\w.-]+\/)?[a-z][\w.-]*)(?:\/[^"'`]*)?["'`]/g)) {
      if (Object.hasOwn(dependencies, name) && !names.includes(name))
        throw new Error(`dist/${file} imports ${name}, which the package would not bring`);
    }
  }
  return Object.fromEntries(names.map((name) => [name, dependencies[name]]));
}
