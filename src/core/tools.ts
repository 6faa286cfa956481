// The tools of a repair conversation: what the model is told of them, and the check of each call.
import { checkPath } from './guard.ts';
import type { ToolCall, ToolSpec } from './model.ts';
import { oneLine } from './prompt-text.ts';
import { type Fields, fieldsOf, text, tool, whole } from './tool-fields.ts';

/** A call whose arguments are of the right form. Lines count from 1; `to` is inclusive, 0 means the end. */
export type RepairCall =
  | { readonly name: 'read'; readonly path: string; readonly from: number; readonly to: number }
  | { readonly name: 'search'; readonly text: string; readonly under: string }
  | { readonly name: 'edit'; readonly path: string; readonly find: string; readonly replace: string }
  | { readonly name: 'write'; readonly path: string; readonly content: string }
  | { readonly name: 'run_tests'; readonly tests: readonly string[] }
  | { readonly name: 'request_package'; readonly package: string; readonly why: string }
  | { readonly name: 'dispute_test'; readonly path: string; readonly test: string; readonly why: string }
  | { readonly name: 'blocked'; readonly why: string };

export type CheckedCall = { readonly call: RepairCall } | { readonly error: string };

const PATH = text('path from the project root');

/** The tools in the order in which they are offered. */
export const REPAIR_TOOLS: readonly ToolSpec[] = [
  tool('read', 'Shows a file, or some of its lines.', {
    path: PATH,
    from: whole('first line, from 1; 0 for the whole file'),
    to: whole('last line; 0 for the end'),
  }),
  tool('search', 'Finds a literal text in all files; gives path:line and the line.', {
    text: text('literal text'),
    under: text('folder or path prefix; empty for everywhere'),
  }),
  tool('edit', 'Replaces a text in a source file. `find` must occur exactly once.', {
    path: PATH,
    find: text('exact text, with enough lines around it to be unique'),
    replace: text('new text; empty to delete'),
  }),
  tool('write', 'Writes a whole source file (new or replaced).', { path: PATH, content: text('complete text') }),
  tool('run_tests', 'Runs test files on the tree as it is now.', {
    tests: { type: 'array', items: { type: 'string' }, description: 'test file paths or test ids; empty for the failing ones' },
  }),
  tool('request_package', 'Asks for a package to be installed. Ends the round.', {
    name: text('name in the registry'),
    why: text('one sentence'),
  }),
  tool('dispute_test', 'Says that a test departs from the task or plan. Its author decides. Ends the round.', {
    path: text('test file'),
    test: text('id or name of the test'),
    why: text('what the task or plan says, quoted, and what the test asks instead'),
  }),
  tool('blocked', 'Gives up: task, plan and tests contradict each other, so that no code can pass. Ends the run.', {
    why: text('the contradiction, with quotes'),
  }),
];

/** Checks a tool call: typed arguments, or an error that tells the model what to send instead. */
export function validateCall(call: ToolCall): CheckedCall {
  const spec = REPAIR_TOOLS.find((t) => t.name === call.name);
  if (!spec) return { error: `there is no tool "${oneLine(call.name, 60)}"; there are: ${REPAIR_TOOLS.map((t) => t.name).join(', ')}` };
  if (call.args === null)
    return { error: `the arguments of ${call.name} are not JSON (cut off, or an unescaped quote or line break?): send the call again` };
  const problems: string[] = [];
  const checked = read(spec.name as RepairCall['name'], fieldsOf(call.args, problems, checkPath));
  return problems.length > 0 ? { error: `${call.name}: ${problems.join('; ')}` } : { call: checked };
}

function read(name: RepairCall['name'], f: Fields): RepairCall {
  switch (name) {
    case 'read':
      return { name, path: f.path('path'), ...f.range() };
    case 'search':
      return { name, text: f.filled('text'), under: f.prefix('under') };
    case 'edit':
      return { name, path: f.path('path'), ...changeOf(f) };
    case 'write':
      return { name, path: f.path('path'), content: f.filled('content') };
    case 'run_tests':
      return { name, tests: f.list('tests') };
    case 'request_package':
      return { name, package: f.filled('name').trim(), why: f.optional('why') };
    case 'dispute_test':
      return { name, path: f.path('path'), test: f.optional('test'), why: f.filled('why') };
    case 'blocked':
      return { name, why: f.filled('why') };
    default: {
      const never: never = name;
      return never;
    }
  }
}

function changeOf({ filled, optional, note }: Fields): { readonly find: string; readonly replace: string } {
  const find = filled('find');
  const replace = optional('replace');
  if (find !== '' && find === replace) note('`find` and `replace` are the same');
  return { find, replace };
}
