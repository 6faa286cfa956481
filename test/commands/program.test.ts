import { describe, expect, it } from 'vitest';
import { parseArgs } from '../../src/commands/program.ts';
import { RedgreenError } from '../../src/core/errors.ts';

function complaint(...argv: string[]): string {
  try {
    parseArgs(argv);
  } catch (error) {
    if (error instanceof RedgreenError && error.code === 'usage') return error.message;
    throw error;
  }
  throw new Error('it was understood');
}

describe('what is typed', () => {
  const cases: [string[], unknown][] = [
    [['a tool that counts'], { kind: 'command', verb: 'run', args: ['a tool that counts'], flags: {} }],
    [['a', 'tool'], { kind: 'command', verb: 'run', args: ['a', 'tool'], flags: {} }],
    [['-'], { kind: 'command', verb: 'run', args: ['-'], flags: {} }],
    [[], { kind: 'command', verb: 'run', args: [], flags: {} }],
    [['--', 'runs'], { kind: 'command', verb: 'run', args: ['runs'], flags: {} }],
    [['--', '--budget'], { kind: 'command', verb: 'run', args: ['--budget'], flags: {} }],
    [
      ['-f', 'spec.md', '-C', 'x', '-b', '0.5', '--model-plan', 'a/b', '--unsafe-no-sandbox', '--no-color'],
      {
        kind: 'command',
        verb: 'run',
        args: [],
        flags: { file: 'spec.md', dir: 'x', budget: '0.5', modelPlan: 'a/b', unsafeNoSandbox: true, color: false },
      },
    ],
    [['runs', '--json'], { kind: 'command', verb: 'runs', args: [], flags: { json: true } }],
    [['--json', 'runs'], { kind: 'command', verb: 'runs', args: [], flags: { json: true } }],
    [['demo', '--dir', 'd', '--plain'], { kind: 'command', verb: 'demo', args: [], flags: { dir: 'd', plain: true } }],
    [['replay', '20261123-120000-ab12'], { kind: 'command', verb: 'replay', args: ['20261123-120000-ab12'], flags: {} }],
    [['resume'], { kind: 'command', verb: 'resume', args: [], flags: {} }],
    [['--pr', 'mend it'], { kind: 'command', verb: 'run', args: ['mend it'], flags: { pr: true } }],
    [['--pr=draft', '--yes', '--issue', '7'], { kind: 'command', verb: 'run', args: [], flags: { prDraft: true, yes: true, issue: '7' } }],
    [['--', '--pr=draft'], { kind: 'command', verb: 'run', args: ['--pr=draft'], flags: {} }],
    [['trust', 'dir', '--revoke'], { kind: 'command', verb: 'trust', args: ['dir'], flags: { revoke: true } }],
  ];
  for (const [argv, parsed] of cases) it(`redgreen ${argv.join(' ')}`, () => expect(parseArgs(argv)).toEqual(parsed));
});

describe('what cannot be meant is one sentence', () => {
  const cases: [string[], string][] = [
    [['--budgt', '1', 'x'], "Unknown option '--budgt'; did you mean --budget?"],
    [['x', '--budget'], "Option '-b, --budget <dollars>' argument missing; see redgreen --help."],
    [['runz'], '"runz" looks like the command "runs"; run redgreen runs, or redgreen -- runz if it is what you want built.'],
    [['Doctr'], '"Doctr" looks like the command "doctor"; run redgreen doctor, or redgreen -- Doctr if it is what you want built.'],
    [['help'], 'For help run redgreen --help; to build something called "help", run redgreen -- help.'],
    [['runs', 'are', 'slow'], '"runs" takes fewer arguments; put a prompt that begins with this word in quotes.'],
    [['runs', '--pr=draft'], '--pr goes with a task ("what to change"), not with runs.'],
    [['replay'], "Missing required argument 'run'; see redgreen --help."],
  ];
  for (const [argv, message] of cases) it(`redgreen ${argv.join(' ')}`, () => expect(complaint(...argv)).toBe(message));
});

it('--help shows every flag, verb and exit code, and starts with how it is used', () => {
  const help = parseArgs(['--help']);
  if (help.kind !== 'help') throw new Error('no help');
  expect(help.text).toMatch(/^Usage: redgreen \[options\] \[command\] \[prompt\.\.\.\]/);
  for (const word of [
    '--budget',
    '(default: 2)',
    '(default: 60m)',
    '--unsafe-no-sandbox',
    'doctor',
    'replay',
    'Exit codes: 0 green',
    '7 blocked',
  ]) {
    expect(help.text).toContain(word);
  }
});

it('a verb has help of its own', () => {
  const help = parseArgs(['trust', '--help']);
  expect(help.kind === 'help' && help.text).toContain('--revoke');
});
