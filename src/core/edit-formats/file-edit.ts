// What a reply in one of the edit formats asks for.
import type { Hunk, Order } from '../edits.ts';

/** A change to a file. `path` is null where the reply names none. */
export type FileEdit =
  | {
      readonly kind: 'hunks';
      readonly path: string | null;
      readonly hunks: readonly Hunk[];
      readonly order: Order;
      readonly to: string | null;
    }
  | { readonly kind: 'write'; readonly path: string | null; readonly text: string; readonly isNew: boolean }
  | { readonly kind: 'delete'; readonly path: string };

/** The changes of a reply in its order; or what is wrong with its form, in a sentence for the model. */
export type ReadEdits = { readonly edits: readonly FileEdit[] } | { readonly problem: string };

/** A path as replies decorate it (`**src/a.ts**:`, `# src/a.ts`, `File: src/a.ts`), or null when the line is none. */
export function pathIn(line: string): string | null {
  const bare = line
    .trim()
    .replace(/^(?:#+|\/\/|\d+\.|[-*>])\s+/, '')
    .replace(/^(?:file(?:name|path)?|path)\s*:\s*/i, '')
    .replace(/^[*_`"']+|[*_`"':]+$/g, '')
    .replace(/^\.\//, '');
  if (bare === '' || bare.length > 300 || /[\s<>|?*:;,{}]/.test(bare)) return null;
  return /[./]/.test(bare.slice(1)) || /^[A-Z]\w*file$|^\.\w+$/.test(bare) ? bare : null;
}

/** True for a line that opens or closes a fenced block. */
export function isFence(line: string): boolean {
  return /^\s*(?:```|~~~)/.test(line);
}

/** The lines of a reply, without carriage returns before line ends. */
export function linesOf(reply: string): string[] {
  return reply.replaceAll('\r\n', '\n').split('\n');
}
