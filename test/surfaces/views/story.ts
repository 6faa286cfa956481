// A run with texts behind its events, as the views' tests read it: blobs and base files in memory, a failing round with a report.

import { RedgreenError } from '../../../src/core/errors.ts';
import type { Body } from '../../../src/core/events.ts';
import type { State } from '../../../src/core/state.ts';
import type { Meeting } from '../../../src/surfaces/surface.ts';
import { rowsOf } from '../../../src/surfaces/views/layout.ts';
import type { Page } from '../../../src/surfaces/views/styled.ts';
import { middle, opening, play } from '../events.ts';

const ref = (letter: string) => letter.repeat(64);

export const countText = `// Counts words.
export function count(text: string): number {
  const words = text.trim().split(/\\s+/);
  return words.length;
}
`;

export const testText = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { count } from '../src/count.ts';

test('counts words', () => assert.equal(count('a b'), 2));
test('empty text', () => assert.equal(count(''), 0));
`;

const cliText = `import { count } from './count.ts';

const VERSION = '2.0.0';
const text = process.argv.slice(2).join(' ');
console.log(\`words: \${count(text)}\`);
`;

const cliBefore = `import { count } from './count.ts';

const VERSION = '1.9.0';
const text = process.argv.slice(2).join(' ');
console.log(count(text));
`;

export const report = {
  tests: [
    {
      id: 'test/count.test.ts › counts words',
      path: 'test/count.test.ts',
      name: 'counts words',
      status: 'passed',
      failure: null,
      retried: false,
    },
    {
      id: 'test/count.test.ts › empty text',
      path: 'test/count.test.ts',
      name: 'empty text',
      status: 'failed',
      retried: false,
      failure: {
        message:
          'AssertionError: Expected values to be strictly deep-equal:\n+ actual - expected\n\n  {\n+   words: 1,\n-   words: 0,\n    lines: 1\n  }\n    at count (src/count.ts:4:3)\n    at TestContext.<anonymous> (test/count.test.ts:6:40)',
        frames: [
          { path: 'src/count.ts', line: 4 },
          { path: 'test/count.test.ts', line: 6 },
        ],
        outside: false,
      },
    },
  ],
  fileFailures: [],
  finished: true,
  broken: null,
  output: 'counting \u001b[31mwords\u001b[0m\u001b]52;c;aGk=\u0007\n\ttabbed 漢字',
};

/** Blobs by reference; see `middle` in events.ts for what names them. */
export const blobs: Readonly<Record<string, string>> = {
  [ref('b')]: countText,
  [ref('c')]: cliBefore,
  [ref('d')]: testText,
  [ref('f')]: cliText,
  [ref('1')]: JSON.stringify(report),
  [ref('4')]: JSON.stringify({ ...report, tests: [], output: '' }),
};

export function meeting(
  texts: Readonly<Record<string, string>> = blobs,
  base: Readonly<Record<string, string>> = {},
): Pick<Meeting, 'read' | 'base'> {
  return {
    read: async (wanted) => {
      const text = texts[wanted];
      if (text === undefined) throw new RedgreenError('journal', `The blob ${wanted} is not there.`);
      return text;
    },
    base: async (path) => base[path] ?? null,
  };
}

/** The state after `bodies`, by default after the failing round. */
export function stateAfter(bodies: readonly Body[] = [...opening, ...middle]): State {
  const last = play(bodies).at(-1);
  if (last === undefined) throw new Error('no events');
  return last.state;
}

const MARKS = { plain: '', good: '+', bad: '!', warn: '?', quiet: '~', strong: '*', cyan: '#' } as const;

/** Pages as a snapshot: wrapped to `width`, each piece of a meaning in ‹mark…›, emphasis doubled. */
export function snapshot(pages: readonly Page[], width = 80): string {
  return pages
    .map(({ title, lines }) => {
      const rows = lines.flatMap((line) => rowsOf(line, width));
      const text = rows.map((spans) =>
        spans
          .map((one) => (one.tone === 'plain' && !one.bold ? one.text : `‹${one.bold ? '*' : ''}${MARKS[one.tone]}${one.text}›`))
          .join(''),
      );
      return [`== ${title} ==`, ...text].join('\n');
    })
    .join('\n\n')
    .concat('\n');
}
