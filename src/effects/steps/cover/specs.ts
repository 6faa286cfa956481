// From the state of a run that writes tests to what is asked: the same state always gives the same request.
import { currentUnit } from '../../../core/cover.ts';
import type { Command } from '../../../core/events.ts';
import { excerpt, numbered } from '../../../core/excerpt.ts';
import type { Ports } from '../../../core/ports.ts';
import type { PromptSpec } from '../../../core/prompt.ts';
import type { ShownFile } from '../../../core/prompt-change.ts';
import { type CoverInput, coverPrompt } from '../../../core/prompt-cover.ts';
import { maxTurns } from '../../../core/rounds.ts';
import type { Conversation, State } from '../../../core/state.ts';
import { surveyText } from '../../survey/text.ts';
import { exampleFor } from '../change/example.ts';
import { layered, surveyOf } from '../change/ground.ts';
import { offeredTools } from '../change/offer.ts';
import { remarksOf } from '../last-round.ts';

/** Turns before the last from which on it is said how many are left. */
const FEW_TURNS = 3;
/** Characters of the source file, and of each of the author's own tests. */
const CODE = 24_000;
const TESTS = 12_000;

/** The prompt of a turn with the author of tests for the file that is worked on. */
export async function coverSpec(command: Extract<Command, { kind: 'ask' }>, ports: Ports, s: State, task: string): Promise<PromptSpec> {
  const { conversation } = s;
  if (!conversation) throw new Error('there is no conversation');
  const opening = await once(`${s.run?.run} ${conversation.round}`, () => open(ports, s, conversation, task));
  const left = maxTurns(s) - command.attempt + 1;
  return coverPrompt({ ...opening, remarks: remarksOf(s), bad: conversation.bad, turnsLeft: left <= FEW_TURNS ? left : null });
}

type Opening = Omit<CoverInput, 'remarks' | 'bad' | 'turnsLeft'>;

async function open(ports: Ports, s: State, c: Conversation, task: string): Promise<Opening> {
  const unit = currentUnit(s);
  if (!unit?.before) throw new Error('no file to write tests for');
  const { path, before } = unit;
  const survey = await surveyOf(ports, s);
  const drafts = Object.fromEntries(Object.entries(c.start).filter(([one]) => s.tests[one]?.status !== 'frozen'));
  const { tree } = await layered(ports, drafts);
  const text = (await ports.workspace.readBase(path)) ?? '';
  const open = [...(before.lines?.unreached ?? []), ...before.survivors.map((m) => m.line)];
  const speaks = (scope: string) => scope === '' || path.startsWith(`${scope}/`);
  return {
    task,
    about: surveyText(survey, [path]),
    rules: survey.conventions.rules.filter((r) => speaks(r.scope)),
    files: [],
    map: '',
    tools: await offeredTools(ports, s, c.kind),
    code: codeShown(path, text, open),
    example: await exampleFor(ports, s, [path], task),
    before,
    tests: Object.entries(tree).map(([one, own]) => ({
      path: one,
      text: own.length <= TESTS ? own : excerpt(own, [1], TESTS),
      isWhole: own.length <= TESTS,
    })),
    problems: c.problems,
  };
}

function codeShown(path: string, text: string, lines: readonly number[]): ShownFile {
  if (text.length <= CODE) return { path, text: numbered(text.replace(/\n$/, '').split('\n'), 1), isWhole: true };
  return { path, text: excerpt(text, [1, ...lines], CODE), isWhole: false };
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
