// From the state of a run on existing code to what is asked: the same state always gives the same request.
import type { Command } from '../../../core/events.ts';
import { excerpt } from '../../../core/excerpt.ts';
import type { Ports } from '../../../core/ports.ts';
import type { FailureIn, PromptSpec } from '../../../core/prompt.ts';
import {
  type ChangeInput,
  changePrompt,
  type RepositoryInput,
  type ReproduceInput,
  reproducePrompt,
  type ShownFile,
} from '../../../core/prompt-change.ts';
import type { MapQuery } from '../../../core/repomap.ts';
import { maxTurns } from '../../../core/rounds.ts';
import type { Conversation, State } from '../../../core/state.ts';
import { lineOfTest } from '../../../core/test-place.ts';
import { surveyText } from '../../survey/text.ts';
import { failuresOf, type KeptReport, remarksOf, triedLine } from '../last-round.ts';
import { exampleFor } from './example.ts';
import { groundOf, layered, reader, surveyOf } from './ground.ts';
import { type Likely, likelyCode } from './likely.ts';
import { offeredTools } from './offer.ts';
import { targetFiles } from './targets.ts';

type Ask = Extract<Command, { kind: 'ask' }>;

/** Turns before the last from which on it is said how many are left. */
const FEW_TURNS = 3;
/** Failures whose places are looked up. */
const MOST_PLACES = 40;
/** Characters of the failing tests' own text, and of one file of them that is shown whole. */
const TESTS = { total: 12_000, whole: 3_000 } as const;

/** The prompt of a step of a run that changes code. */
export async function changeSpec(command: Ask, ports: Ports, s: State, task: string): Promise<PromptSpec> {
  const { conversation } = s;
  if (!conversation) throw new Error('there is no conversation');
  const { repository, ...own } = await once(keyOf(s, conversation), () => opening(ports, s, conversation, task));
  const left = maxTurns(s) - command.attempt + 1;
  const now = { ...repository, remarks: remarksOf(s), bad: conversation.bad, turnsLeft: left <= FEW_TURNS ? left : null };
  return own.kind === 'repair' ? changePrompt({ ...own.input, ...now }) : reproducePrompt({ ...own.input, ...now });
}

type Repository = Omit<RepositoryInput, 'remarks' | 'bad' | 'turnsLeft'>;

type Opening = { readonly repository: Repository } & (
  | { readonly kind: 'repair'; readonly input: Omit<ChangeInput, keyof RepositoryInput> }
  | { readonly kind: 'reproduce'; readonly input: Omit<ReproduceInput, keyof RepositoryInput> }
);

/** The first message stays the same for a whole conversation. */
function opening(ports: Ports, s: State, c: Conversation, task: string): Promise<Opening> {
  return c.kind === 'repair' ? repairOpening(ports, s, c, task) : reproduceOpening(ports, s, c, task);
}

async function repairOpening(ports: Ports, s: State, c: Conversation, task: string): Promise<Opening> {
  if (!s.last && !s.change?.untestable) throw new Error('no round to repair');
  const report: KeptReport | null = s.last ? JSON.parse(await ports.blobs.get(s.last.report)) : null;
  const failures = s.last && report ? failuresOf(s.last, report) : [];
  const ground = await groundOf(ports, s, c.start);
  const targets = await targetFiles(ports, s);
  const touched = s.carried.flatMap((one) => one.touched);
  const query: MapQuery = { task, frames: framesOf(failures), seeds: [...new Set([...failingFiles(failures), ...targets, ...touched])] };
  const likely = await likelyCode(ports, s, ground, query, { wide: s.strategy > 0 });
  return {
    kind: 'repair',
    repository: await repositoryOf(ports, s, task, likely, c.kind),
    input: {
      round: c.round,
      failures,
      diagnostics: s.last?.diagnostics ?? [],
      tests: await testsShown(reader(ports, ground), failures),
      given: Object.keys(s.run?.given ?? {}).length > 0 || s.run?.check != null,
      untestable: s.change?.untestable ?? null,
      tried: [...s.carried.map(triedLine), ...s.installs.problems, ...judgedLines(s)],
      strategy: s.strategy,
    },
  };
}

async function reproduceOpening(ports: Ports, s: State, c: Conversation, task: string): Promise<Opening> {
  const ground = await groundOf(ports, { ...s, tests: {} }, {});
  const own = await layered(ports, c.start);
  const query: MapQuery = { task, frames: [], seeds: [] };
  const likely = await likelyCode(ports, s, ground, query, { wide: false });
  return {
    kind: 'reproduce',
    repository: await repositoryOf(ports, s, task, likely, c.kind),
    input: {
      example: await exampleFor(
        ports,
        s,
        likely.files.map((f) => f.path),
        task,
      ),
      tests: Object.entries(own.tree).map(([path, text]) => ({
        path,
        text: excerptOf(text, [], TESTS.total),
        isWhole: text.length <= TESTS.total,
      })),
      problems: c.problems,
    },
  };
}

async function repositoryOf(ports: Ports, s: State, task: string, likely: Likely, kind: Conversation['kind']): Promise<Repository> {
  const survey = await surveyOf(ports, s);
  const paths = likely.files.map((f) => f.path);
  const speaks = (scope: string) => scope === '' || paths.some((path) => path.startsWith(`${scope}/`));
  return {
    task,
    about: surveyText(survey, paths),
    rules: survey.conventions.rules.filter((r) => speaks(r.scope)),
    files: likely.files,
    map: likely.map,
    tools: await offeredTools(ports, s, kind),
  };
}

function framesOf(failures: readonly FailureIn[]): MapQuery['frames'] {
  return failures.flatMap((f) => f.frames).slice(0, 40);
}

function failingFiles(failures: readonly FailureIn[]): readonly string[] {
  return [...new Set(failures.map((f) => f.id.split(' › ')[0] ?? f.id))];
}

/** The failing tests' files: small ones whole, of larger ones the cases that fail. */
async function testsShown(read: (path: string) => Promise<string | null>, failures: readonly FailureIn[]): Promise<readonly ShownFile[]> {
  const shown: ShownFile[] = [];
  let left: number = TESTS.total;
  for (const path of failingFiles(failures).slice(0, 12)) {
    const text = left > 300 ? await read(path) : null;
    if (text === null) continue;
    const lines = placesIn(path, text, failures);
    const isWhole = text.length <= Math.min(TESTS.whole, left);
    const part = isWhole ? text : excerptOf(text, lines, Math.min(left, TESTS.total / 2));
    shown.push({ path, text: part, isWhole });
    left -= part.length;
  }
  return shown;
}

/** Lines of a test file at which its tests failed; of a test that failed elsewhere its own place. */
function placesIn(path: string, text: string, failures: readonly FailureIn[]): readonly number[] {
  const own = failures.filter((f) => f.id === path || f.id.startsWith(`${path} › `));
  const lines = own
    .slice(0, MOST_PLACES)
    .flatMap((f) => f.frames.find((frame) => frame.path === path)?.line ?? lineOfTest(text, f.id) ?? []);
  return [...new Set(lines)];
}

/** The head of a file, where imports are, and what is around some lines of it. */
function excerptOf(text: string, lines: readonly number[], characters: number): string {
  if (text.length <= characters && lines.length === 0) return text;
  const head = text
    .split('\n')
    .findIndex(
      (line, i) => i > 0 && line.trim() !== '' && !/^\s*(?:import|from|use|const|let|var|package|#|\/\/|\/?\*|['"{}(),]|@)/.test(line),
    );
  const imports = head > 0 && head < 40 ? Array.from({ length: Math.ceil(head / 8) }, (_, i) => i * 8 + 1) : [1];
  return excerpt(text, [...(lines[0] === undefined ? [] : [lines[0]]), ...imports, ...lines.slice(1)], characters);
}

function keyOf(s: State, c: Conversation): string {
  const { run, last, strategy, installs, change } = s;
  return JSON.stringify([
    run?.run,
    c.kind,
    c.round,
    c.start,
    c.problems,
    last?.report,
    strategy,
    installs.attempts,
    change?.asked,
    change?.untestable,
  ]);
}

const openings = new Map<string, Promise<Opening>>();

/** What a conversation opens with is made once for all of its turns. */
function once(key: string, make: () => Promise<Opening>): Promise<Opening> {
  const known = openings.get(key) ?? make();
  openings.clear();
  openings.set(key, known);
  known.catch(() => openings.delete(key));
  return known;
}

/** Disputes that are over: their author has decided, and what was disputed cannot be disputed again. */
function judgedLines(s: State): readonly string[] {
  return Object.values(s.tests).flatMap(({ path, disputed, before, blob }) =>
    disputed === null ? [] : [`${path} was disputed (${disputed}); its author ${before === blob ? 'holds to it' : 'has changed it'}`],
  );
}
