// Canaries for files of vitest and jest, whose functions have the same names.
import type { Planted } from '../../../core/ports.ts';
import { assertCanaries, assertUses } from './asserts.ts';
import { expectCanaries } from './expects.ts';
import { plantJavaScript, THROWN } from './javascript.ts';
import { isModule } from './module-kind.ts';
import { createWords } from './words.ts';

/** Plants canaries into a test file for vitest, which runs every file as an ES module. Null for code that holds its own tests: others load it too. */
export function plantVitest(path: string, text: string, nonce: string): Planted | null {
  return text.includes('import.meta.vitest')
    ? null
    : plant(path, text, nonce, { module: 'vitest', esm: true, running: () => 'globalThis.__vitest_worker__.filepath' });
}

/** Plants canaries into a test file for jest, as ES module or CommonJS like the file itself; all TypeScript is run as ES modules. */
export function plantJest(path: string, text: string, nonce: string): Planted {
  return plant(path, text, nonce, {
    module: '@jest/globals',
    esm: /\.m?ts$/.test(path) || isModule(path, text),
    running: (expect) => `${expect}.getState().testPath`,
  });
}

interface Framework {
  readonly module: string;
  readonly esm: boolean;
  /** `Frame.running`, with the local name of `expect`. */
  running(expect: string): string;
}

function plant(path: string, text: string, nonce: string, { module, esm, running }: Framework): Planted {
  const words = createWords(nonce, path, text);
  const locals = ['test', 'it', 'describe', 'expect'].map((name) => ({ name, local: words.word() }));
  const [test, it, describe, expect] = locals.map(({ local }) => local) as [string, string, string, string];
  const asserts = /['"](?:node:)?assert/.test(text) ? assertUses(text).map((use) => ({ ...use, local: words.word() })) : [];
  const names = locals.map(({ name, local }) => `${name}${esm ? ' as' : ':'} ${local}`).join(', ');
  const head = esm
    ? [
        `import { ${names} } from '${module}';`,
        ...asserts.map((use) => `import ${use.named ? `* as ${use.local}` : use.local} from '${use.module}';`),
      ]
    : [
        // A file without any import may still be an ES module, where there is no `require` and the functions are global.
        `const { ${names} } = typeof require === 'function' ? require('${module}') : globalThis;`,
        ...asserts.map((use) => `const ${use.local} = require('${use.module}');`),
      ];
  const canaries = [...THROWN, ...expectCanaries(expect, words), ...asserts.flatMap(({ local }) => assertCanaries(local, words))];
  return plantJavaScript(path, text, { head, tests: [test, it], describe, running: running(expect) }, canaries, words);
}
