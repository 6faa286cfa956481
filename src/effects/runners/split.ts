// A command line of the user's, as argv: words and quotes, and nothing that only a shell can do.
import { RedgreenError } from '../../core/errors.ts';

/** What a shell would act on, and its name. */
const SHELL: readonly (readonly [RegExp, string])[] = [
  [/^\|\|?/, 'a pipe or "||"'],
  [/^&&?/, '"&&" or "&"'],
  [/^;/, '";"'],
  [/^[<>]/, 'a redirection'],
  [/^[()]/, 'a subshell'],
  [/^\$/, 'a variable or "$(…)"'],
  [/^`/, 'a backtick'],
  [/^[\r\n]/, 'more than one line'],
];
const IN_QUOTES = SHELL.filter(([, name]) => /variable|backtick/.test(name));

/**
 * Splits a command at white space, honouring '…', "…" and backslashes. Throws `RedgreenError('usage')` for an empty command, an open quote, and for what
 * only a shell understands: pipes, lists, redirections, variables, assignments before the program.
 */
export function splitCommand(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const [, single] = /^'([^']*)'/.exec(rest) ?? [];
    const [, double] = /^"((?:[^"\\]|\\[\s\S])*)"/.exec(rest) ?? [];
    const [plain] = /^(?:[^\s'"\\|&;<>()$`]|\\[^\r\n])+/.exec(rest) ?? [];
    const [space] = /^[ \t]+/.exec(rest) ?? [];
    if (space !== undefined) {
      if (word !== null) words.push(word);
      word = null;
      at += space.length;
    } else if (single !== undefined) {
      word = (word ?? '') + single;
      at += single.length + 2;
    } else if (double !== undefined) {
      refuse(double, IN_QUOTES, text);
      word = (word ?? '') + double.replace(/\\(["\\$`])/g, '$1');
      at += double.length + 2;
    } else if (plain !== undefined) {
      word = (word ?? '') + plain.replace(/\\(.)/g, '$1');
      at += plain.length;
    } else {
      for (const [pattern, name] of SHELL) if (pattern.test(rest)) throw needsScript(name, text);
      throw new RedgreenError('usage', `The command ${JSON.stringify(text)} has a quote or a backslash that is not closed.`);
    }
  }
  if (word !== null) words.push(word);
  const [program] = words;
  if (program === undefined || program === '') throw new RedgreenError('usage', 'The command is empty: give a program and its arguments.');
  if (/^[A-Za-z_]\w*=/.test(program)) throw needsScript('an assignment', text);
  return words;
}

/** Inside double quotes a shell still acts on some characters, unless a backslash stands before them. */
function refuse(quoted: string, what: typeof SHELL, text: string): void {
  const bare = quoted.replace(/\\[\s\S]/g, '');
  for (const character of bare) for (const [pattern, name] of what) if (pattern.test(character)) throw needsScript(name, text);
}

function needsScript(what: string, text: string): RedgreenError {
  return new RedgreenError(
    'usage',
    `The command ${JSON.stringify(text)} has ${what}, which needs a shell, and none is used: put it into a script file and name that file.`,
  );
}
