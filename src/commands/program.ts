// The command line: every flag, verb and help text.
import { Command, CommanderError, Option } from 'commander';
import { nearest } from '../config/nearest.ts';
import { KEYS, settingOf } from '../config/table.ts';
import { RedgreenError } from '../core/errors.ts';
import type { Flags } from './context.ts';

export type Verb = 'run' | 'cover' | 'runs' | 'doctor' | 'demo' | 'replay' | 'resume' | 'report' | 'trust' | 'verify';

export type Parsed =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'command'; readonly verb: Verb; readonly args: readonly string[]; readonly flags: Flags };

const EXAMPLES = `
Examples:
  redgreen                                                    a session: type what you want, watch it, steer it, go on with it
  redgreen "a command line tool that counts words in files"   build it in this folder
  redgreen -f spec.md --dir ./wordcount                       a new repository from a specification
  redgreen --budget 0.50 --time 10m "..."                     spend at most half a dollar and ten minutes
  redgreen -m local/qwen3-coder "..."                        a model on this machine
  git log -p redgreen/wordcount                               look at what came out
  redgreen --on redgreen/wordcount "also accept TSV"           change it, on the same branch
  redgreen cover src/parse.ts                                 write tests for code that exists
  redgreen verify redgreen/wordcount                          prove it again, in any clone
  redgreen demo                                               see it work without a key

The working tree is never touched: what comes out is a branch, redgreen/<name>.

Exit codes: 0 green, 1 internal error, 2 usage or settings, 3 red or unproven (best branch kept), 4 budget or time,
            5 no sandbox, 6 model provider, 7 blocked, 130 interrupted.`;

/** Reads the arguments (without node and script). Throws `RedgreenError('usage')`. */
export function parseArgs(argv: readonly string[]): Parsed {
  let parsed: Parsed | null = null;
  let shown = '';
  const program = build((verb, args, flags) => {
    parsed = { kind: 'command', verb, args, flags };
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => {
        shown += text;
      },
      writeErr: () => undefined,
    });
  }
  // What stands after -- are words, even when they look like a flag or a verb; commander would still take a verb there.
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  try {
    // A value of its own would swallow the prompt after a plain --pr.
    const words = argv.slice(0, end).map((word) => (word === '--pr=draft' ? '--pr-draft' : word));
    program.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'help', text: shown };
    throw new RedgreenError('usage', sentence(error.message));
  }
  if (parsed === null) throw new RedgreenError('internal', 'The command line was not understood.');
  return onlyWithTask(withWords(parsed, argv.slice(end + 1)));
}

type Choose = (verb: Verb, args: readonly string[], flags: Flags) => void;

function build(choose: Choose): Command {
  const program = new Command('redgreen')
    .description('Hands back a git branch whose tests are proven green.')
    .argument('[prompt...]', 'what to build; - reads it from standard input')
    .option('-f, --file <file>', 'read the prompt from a file (- for standard input)')
    .option('-C, --dir <dir>', 'work in this folder; one that is missing or empty is made a repository')
    .showSuggestionAfterError(true)
    .helpCommand(false)
    .addHelpText('after', EXAMPLES);
  program
    .option(
      '--tests <path>',
      'tests of your own that have to pass: a file, folder or glob, and again for more; they are locked',
      (path, all: string[] = []) => [...all, path],
    )
    .option('--check <command>', 'a command that has to succeed, where no test runner fits (weaker: only its exit code counts)');
  program
    .option('--issue <number>', 'the task is this issue on GitHub, with your words on it; through gh, with your own login')
    .option(
      '--pr',
      'after a green end, push the branch and open a pull request through gh; asks before (--pr=draft: a draft also when not green)',
    )
    .addOption(new Option('--pr-draft').hideHelp())
    .option('-y, --yes', 'no question before the pull request');
  program.option('--on <branch>', 'go on with this branch: its tests stay green, and the work is put on top of it');
  for (const key of KEYS) {
    const { flag, help, shownFallback } = settingOf(key);
    if (flag !== null) program.option(flag, shownFallback === '' ? help : `${help} (default: ${shownFallback})`);
  }
  program
    .option('--no-color', 'no colour')
    .option('--json', 'one event a line; the last line is the result')
    .option('--debug', 'show stack traces')
    .option('-V, --version', 'print the version')
    .action((args: string[], flags: Flags) => choose('run', args, flags));
  const verb = (name: Verb, usage: string, help: string) =>
    program
      .command(`${name}${usage}`)
      .description(help)
      .action((...all: unknown[]) => {
        const command = all.at(-1) as Command;
        choose(name, command.args, command.optsWithGlobals());
      });
  verb(
    'cover',
    ' [path...]',
    'write tests for code that exists (files, folders, globs): kept is what passes every time and shows something new',
  )
    .option('-C, --dir <dir>', 'the repository (default: this folder)')
    .option('--json', 'one event a line; the last line is the result');
  verb('runs', '', 'list the runs of this repository').option('--all', 'of every repository').option('--json', 'as JSON');
  verb('doctor', '', 'check what redgreen needs: Node, git, sandbox, models, settings').option('--json', 'as JSON');
  verb('demo', '', 'watch a recorded run: the model’s replies come from a tape, everything else is real').option(
    '-C, --dir <dir>',
    'where to build it (default: a new folder in the temporary folder)',
  );
  verb('replay', ' <run>', 'run again with the recorded replies, without a model');
  verb('resume', ' [run]', 'go on with a run that was cut off (default: the last one)');
  verb('report', ' [run]', 'write a page that shows a run: timeline, tests, changes, cost, proof (default: the last run)')
    .option('--out <file>', 'where to write it (default: redgreen-report-<run>.html)')
    .option('--open', 'show it in the browser')
    .option('-C, --dir <dir>', 'the repository (default: this folder)');
  verb('verify', ' [branch]', 'prove a branch anew, in any clone: 0 holds, 3 does not hold, 2 cannot be checked here')
    .option('--expect <digest>', 'refuse any record but this one (sha256:…)')
    .option('--check <command>', 'the command that was the test of a change, which its branch does not hold')
    .option('-C, --dir <dir>', 'the repository (default: this folder)')
    .option('--json', 'as JSON');
  verb('trust', ' [dir]', 'let a project’s own prompts be used, as they are now')
    .option('--list', 'show what is trusted')
    .option('--revoke', 'take it back');
  return program;
}

/** commander's message as one sentence of ours. */
function sentence(message: string): string {
  const text = message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/ \(Did you mean (.*)\?\)$/, '; did you mean $1?');
  const known = /^too many arguments for '(\w+)'/.exec(text);
  if (known) return `"${known[1]}" takes fewer arguments; put a prompt that begins with this word in quotes.`;
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(capital) ? capital : `${capital}; see redgreen --help.`;
}

const VERBS: readonly Verb[] = ['cover', 'runs', 'doctor', 'demo', 'replay', 'resume', 'report', 'trust', 'verify'];

function withWords(parsed: Parsed, words: readonly string[]): Parsed {
  if (parsed.kind !== 'command') return parsed;
  if (words.length > 0) return { ...parsed, args: [...parsed.args, ...words] };
  return parsed.verb === 'run' ? notAVerb(parsed) : parsed;
}

/** A branch to go on with belongs to a new task: every other command has its branch already, or makes one. */
function onlyWithTask(parsed: Parsed): Parsed {
  if (parsed.kind !== 'command' || parsed.verb === 'run') return parsed;
  // The command of a change that is verified is its user's own, too.
  const names = ['on', 'tests', 'issue', 'pr', 'prDraft', ...(parsed.verb === 'verify' ? [] : ['check'])];
  const flag = names.find((name) => parsed.flags[name] !== undefined);
  if (flag === undefined) return parsed;
  throw new RedgreenError('usage', `--${flag.replace(/Draft$/, '')} goes with a task ("what to change"), not with ${parsed.verb}.`);
}

/** A single word that is nearly a verb is more likely a slip than a task. */
function notAVerb(parsed: Extract<Parsed, { kind: 'command' }>): Parsed {
  const [word, ...rest] = parsed.args;
  if (word === undefined || rest.length > 0 || !/^[a-z]+$/i.test(word)) return parsed;
  if (word.toLowerCase() === 'help')
    throw new RedgreenError('usage', 'For help run redgreen --help; to build something called "help", run redgreen -- help.');
  const verb = nearest(word, VERBS);
  if (verb === null) return parsed;
  throw new RedgreenError(
    'usage',
    `"${word}" looks like the command "${verb}"; run redgreen ${verb}, or redgreen -- ${word} if it is what you want built.`,
  );
}
