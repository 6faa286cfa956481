// Calls as models spell them that were trained on other agents' tools.
import type { Args } from './tool-fields.ts';

interface Call {
  readonly name: string;
  readonly args: Args;
}

const NAMES: Readonly<Record<string, string>> = {
  read_file: 'read',
  view: 'read',
  view_file: 'read',
  open_file: 'read',
  cat: 'read',
  grep: 'search',
  grep_search: 'search',
  search_files: 'search',
  ripgrep: 'search',
  find_references: 'references',
  repo_map: 'map',
  str_replace: 'edit',
  replace: 'edit',
  edit_file: 'edit',
  multi_edit: 'edit',
  multiedit: 'edit',
  search_replace: 'edit',
  replace_in_file: 'edit',
  insert: 'edit',
  create: 'write',
  create_file: 'write',
  write_file: 'write',
  write_to_file: 'write',
  delete_file: 'write',
  remove: 'write',
  apply_patch: 'patch',
  apply_diff: 'patch',
  test: 'run_tests',
  run_test: 'run_tests',
  typecheck: 'type_check',
};

/** For each tool, other names of its arguments. */
const PATH = { path: ['file_path', 'filepath', 'filename', 'file', 'target_file', 'relative_path'] };
const ARGUMENTS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  read: { ...PATH, from: ['start_line', 'start', 'offset', 'line_start'], to: ['end_line', 'end', 'line_end'] },
  search: { pattern: ['query', 'text', 'regexp', 'search'], under: ['path', 'dir', 'directory', 'folder'] },
  map: { query: ['task', 'words', 'text'] },
  references: { ...PATH, name: ['symbol', 'symbol_name', 'identifier'] },
  edit: { ...PATH, edits: ['changes', 'replacements', 'hunks'] },
  amend_test: { ...PATH, edits: ['changes', 'replacements', 'hunks'], why: ['reason'] },
  write: { ...PATH, content: ['contents', 'file_text', 'text', 'code', 'new_content'] },
  patch: { text: ['patch', 'input', 'diff'] },
  run_tests: { tests: ['test', 'ids', 'files', 'paths', 'path'] },
  dispute_test: { ...PATH, why: ['reason'] },
  untestable: { why: ['reason'] },
  blocked: { why: ['reason', 'message'] },
};

const FIND = ['find', 'old_string', 'old_str', 'old_text', 'oldText', 'old', 'search'];
const REPLACE = ['replace', 'new_string', 'new_str', 'new_text', 'newText', 'new', 'replacement'];

/** The call with the names that are ours; left as it is where nothing is known. */
export function likelyCall(name: string, args: Args): Call {
  const bare = name.trim().replace(/^(?:functions?|tools?)[.:]/, '');
  const command = /^str_replace_/.test(bare) && typeof args['command'] === 'string' ? args['command'] : bare;
  const ours = NAMES[command.toLowerCase()] ?? command;
  const spelled: Record<string, unknown> = { ...args };
  for (const [key, others] of Object.entries(ARGUMENTS[ours] ?? {})) {
    const other = others.find((one) => args[one] !== undefined);
    if (spelled[key] === undefined && other !== undefined) spelled[key] = args[other];
  }
  if (ours === 'read') return { name: ours, args: withRange(spelled) };
  if (ours === 'edit' || ours === 'amend_test') return asEdit(ours, spelled);
  return { name: ours, args: spelled };
}

/** `view_range: [1, 20]`, and `offset` with `limit`. */
function withRange(args: Args): Args {
  const range = args['view_range'];
  if (Array.isArray(range)) return { ...args, from: range[0] ?? 0, to: range[1] === -1 ? 0 : (range[1] ?? 0) };
  const limit = Number(args['limit']);
  if (args['to'] !== undefined || !Number.isInteger(limit) || limit < 1) return args;
  return { ...args, to: Math.max(1, Number(args['from'] ?? 1)) + limit - 1 };
}

/** One edit beside the path, edits as JSON text, or a patch in place of them. */
function asEdit(name: string, args: Args): Call {
  const patch = ['patch', 'diff', 'input'].map((key) => args[key]).find((value) => typeof value === 'string');
  if (args['edits'] === undefined && patch !== undefined) return { name: 'patch', args: { text: patch } };
  const edits = typeof args['edits'] === 'string' ? parsed(args['edits']) : args['edits'];
  const list = Array.isArray(edits) ? edits : [edits ?? args];
  return { name, args: { ...args, edits: list.map(asHunk) } };
}

function asHunk(edit: unknown): unknown {
  if (typeof edit !== 'object' || edit === null) return edit;
  const given = edit as Args;
  const one = (keys: readonly string[]) => keys.map((key) => given[key]).find((value) => value !== undefined);
  const find = one(FIND);
  const replace = one(REPLACE);
  const all = given['all'] === true || given['replace_all'] === true;
  return { ...(find === undefined ? {} : { find }), ...(replace === undefined ? {} : { replace }), ...(all ? { all } : {}) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
