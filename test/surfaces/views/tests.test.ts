import { describe, expect, it } from 'vitest';
import type { Body } from '../../../src/core/events.ts';
import { textOf } from '../../../src/surfaces/views/styled.ts';
import { testsView } from '../../../src/surfaces/views/tests.ts';
import { closing, created, lines, middle, opening } from '../events.ts';
import { blobs, meeting, report, snapshot, stateAfter } from './story.ts';

const ref = (letter: string) => letter.repeat(64);
const texts = (pages: Awaited<ReturnType<typeof testsView>>) => pages.map((page) => page.lines.map(textOf).join('\n'));

describe('the tests of a run', () => {
  it('shows failing tests first, what each says with the code it points at, and what was printed', async () => {
    await expect(snapshot(await testsView(meeting(), stateAfter()))).toMatchFileSnapshot('snapshots/tests-round.txt');
  });

  it('shows the red proof before the first round, and nothing before that', async () => {
    const untilRed = middle.slice(0, middle.findIndex((body) => body.type === 'red.proven') + 1);
    const vacuous = untilRed.map(
      (body): Body =>
        body.type === 'red.proven'
          ? {
              ...body,
              tests: body.tests.map((one, i) => (i === 0 ? { ...one, throwing: 'passed' as const, wrong: 'passed' as const } : one)),
            }
          : body,
    );
    const [proven = ''] = texts(await testsView(meeting(), stateAfter([...opening, ...vacuous])));
    expect(proven.split('\n')[0]).toBe('1 red, as it must be · 1 without proof');
    expect(proven).toContain('○ red      empty text');
    expect(proven).toContain('! no proof counts words');
    const [none = ''] = texts(await testsView(meeting(), stateAfter([created])));
    expect(none).toContain('No test is known yet');
  });

  it('has no page of a failure at a green end', async () => {
    const pages = await testsView(meeting(), stateAfter([...opening, ...middle, ...closing]));
    expect(pages.map((page) => page.title)).toEqual(['all']);
    expect(texts(pages)[0]).toContain('2 passed  after round 2: green, all 2 tests passed');
  });

  it('quotes the code as the tests saw it, not as a repair has changed it since', async () => {
    const repairing = [...opening, ...middle, ...closing.slice(0, 2)];
    const edited = { ...blobs, [ref('3')]: 'one\ntwo\nthree\nedited since\n' };
    const [, failure = ''] = texts(await testsView(meeting(edited), stateAfter(repairing)));
    expect(failure).toContain('> 4    return words.length;');
    expect(failure).not.toContain('edited since');
  });

  it('shows files that do not load, why a run broke off, and tests that did not come to run', async () => {
    const broken = {
      ...report,
      tests: [],
      fileFailures: [{ path: 'test/count.test.ts', failure: { message: 'SyntaxError: Unexpected token', frames: [], outside: true } }],
      broken: { kind: 'time', message: 'the test run took too long and was ended' },
      output: '',
    };
    const bodies = middle.map((body): Body => (body.type === 'tested' ? { ...body, tests: lines('failed').slice(1) } : body));
    const pages = await testsView(meeting({ ...blobs, [ref('1')]: JSON.stringify(broken) }), stateAfter([...opening, ...bodies]));
    expect(pages.map((page) => page.title)).toEqual(['all', 'test/count.test.ts', 'printed']);
    const [all = '', file = '', printed = ''] = texts(pages);
    expect(all).toContain('? not run  counts words');
    expect(file).toContain('SyntaxError: Unexpected token');
    expect(printed).toContain('took too long');
  });
});
