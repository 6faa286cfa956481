// What the live screen asks of a session: besides the run's own hooks, models, branches, reports and proofs.
import type { Config } from '../config.ts';
import { RedgreenError } from '../core/errors.ts';
import { findEndpoints, prepareModels } from '../run-models.ts';
import { caps } from '../surfaces/describe.ts';
import { type Line, line, type Tone, WHOLE } from '../surfaces/line.ts';
import type { Hooks } from '../surfaces/live/bridge.ts';
import type { SlashName } from '../surfaces/live/orders/slash.ts';
import { budgetOf } from './budget-words.ts';
import { type Command, type Context, configFor, type Flags } from './context.ts';
import { gitHere } from './find-runs.ts';
import { modelLines, modelNames } from './greeting.ts';
import { limitsWith, newCaps, runHooks } from './live-hooks.ts';

/** What a session holds while it lasts. */
export interface Holding {
  /** The flags of the runs to come. */
  flags(): Flags;
  setFlags(flags: Flags): void;
  /** The branch that the next task goes on with. */
  onto(): string | null;
  goOnWith(branch: string | null): void;
  /** The last run; null before there was one. */
  lastRun(): string | null;
  print(lines: readonly Line[]): void;
}

type Order = (args: string, run: Parameters<Hooks['command']>[2]) => Promise<readonly Line[]>;

export function sessionHooks(context: Context, holding: Holding): Hooks {
  const { flags } = holding;
  const plain = runHooks(context, flags());
  const merge = (more: Flags) => holding.setFlags({ ...flags(), ...more });
  const orders: Partial<Record<SlashName, Order>> = {
    model: async (args) => {
      if (args === '') return modelLines(await configFor(context, flags()));
      const config = await configFor(context, { ...flags(), model: args });
      await prepareModels(config);
      merge({ model: args });
      return [line('plain', 'models', `${modelNames(config.models).join(', ')} from the next run on`)];
    },
    budget: async (args, run) => {
      if (args === '') return [line('plain', 'budget', `${caps((await configFor(context, flags())).limits)} for each run`)];
      const limits = await limitsWith(context, flags(), args);
      merge(budgetOf(args).flags);
      return newCaps(args, run, limits);
    },
    new: async () => {
      holding.goOnWith(null);
      return [line('plain', 'new', 'the next task starts a branch of its own')];
    },
    pr: (args) => pullRequest(context, holding, args),
    verify: async (args) => carried(context, holding, 'verify', (await import('./verify.ts')).verify, args || holding.onto()),
    report: async (args) => carried(context, holding, 'report', (await import('./report.ts')).report, args || holding.lastRun()),
  };
  return {
    ...plain,
    command: (name, args, run) => (orders[name] ?? ((a, r) => plain.command(name, a, r)))(args, run),
    list: async (source) => {
      if (source === 'models') return modelsHere(await configFor(context, flags()));
      return source === 'branches' ? branchesHere(context, flags()) : plain.list(source);
    },
  };
}

/** Shows what a pull request for the last run's branch would do; with `yes` it is opened. */
async function pullRequest(context: Context, { flags, lastRun }: Holding, args: string): Promise<readonly Line[]> {
  const run = lastRun();
  if (run === null) throw new RedgreenError('usage', 'There was no run in this session whose branch could be pushed.');
  const offer = await (await import('./pull-request.ts')).offerPullRequest(context, flags(), run);
  if (offer === null) throw new RedgreenError('usage', `The run ${run} has put nothing on a branch.`);
  if (!/^y(es)?$/i.test(args))
    return [...offer.lines.map((text) => line('plain', 'pr', text, WHOLE)), line('warn', 'pr', '/pr yes does that')];
  return [line('good', 'pr', await offer.open(), WHOLE)];
}

/** Carries out a verb of the command line; what it writes is printed here. */
async function carried(
  context: Context,
  holding: Holding,
  name: SlashName,
  command: Command,
  argument: string | null,
): Promise<readonly Line[]> {
  const write = (text: string) => {
    holding.print(
      text
        .split('\n')
        .filter(Boolean)
        .map((row) => lineOf(row, name)),
    );
    return true;
  };
  const out = { write, isTTY: false } as unknown as NodeJS.WriteStream;
  await command({ ...context, stdout: out }, argument === null ? [] : [argument], { ...holding.flags(), color: false });
  return [];
}

const TONES: Readonly<Record<string, Tone>> = { holds: 'good', no: 'bad', differs: 'bad', unknown: 'warn' };

/** A line as verbs write it: the label in a column of its own; one without is labelled with the verb's name. */
function lineOf(text: string, name: string): Line {
  const [, label = name, rest = text] = /^(.{9}) (.*)$/s.exec(text) ?? [];
  return { tone: TONES[label.trim()] ?? 'plain', label: label.trim(), text: rest };
}

/** Models that can be named without a slow question: those that are set, and those of local servers. */
async function modelsHere(config: Config): Promise<readonly string[]> {
  const set = await prepareModels(config).then(
    ({ models }) => modelNames(models),
    () => [],
  );
  const { servers } = await findEndpoints(config.values, config.models);
  return [...new Set([...set, ...servers.flatMap((server) => server.models.map((model) => `local/${model}`))])];
}

async function branchesHere(context: Context, flags: Flags): Promise<readonly string[]> {
  const names = await gitHere(context, flags).raw([
    'for-each-ref',
    '--sort=-committerdate',
    '--count=50',
    '--format=%(refname:short)',
    'refs/heads/',
  ]);
  return names.split('\n').filter(Boolean);
}
