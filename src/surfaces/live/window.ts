// The window and its size. When it becomes narrower, the terminal wraps the lines of the live part anew; ink counts lines as it wrote them and would
// erase too few. When it changes at all, ink draws the old layout once more before the app hears of the new size. Both are set right here.
import { columns as widthOf } from '../../core/sanitise.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface Window {
  /** The stream for ink: `stdout`, with the live part erased as it really stands there. */
  readonly stdout: NodeJS.WriteStream;
  get(): Size;
  subscribe(listener: () => void): () => void;
  close(): void;
}

/** The live part on the screen: widths of its lines, and which of them the caret is on. */
export interface Drawn {
  readonly widths: readonly number[];
  readonly caret: number;
}

const STYLE = /\u001b\[[0-9;]*m/g;
/** How ink erases the frame before: line by line from its end, or from the caret's way up. */
const ERASING =
  /^(?:\u001b\[\?25l)?(?:\u001b\[[0-9]+B)?(?:\u001b\[[0-9]+A)?(?:\u001b\[1?G)?(?:(?:\u001b\[2K(?:\u001b\[1A)?)+\u001b\[G|\u001b\[J)/;
/** How ink puts the caret into a frame that it has written. */
const CARET = /(?:\u001b\[([0-9]+)A)?\u001b\[[0-9]+G\u001b\[\?25h$/;

/** What is written instead of `text`, and what stands on the screen then; null for nothing that is known. */
export function redrawn(text: string, drawn: Drawn | null, columns: number): { readonly text: string; readonly drawn: Drawn | null } {
  const erasing = ERASING.exec(text)?.[0] ?? '';
  const rest = text.slice(erasing.length);
  const caret = CARET.exec(rest);
  const frame = caret === null ? rest : rest.slice(0, caret.index);
  const up = Number(caret?.[1] ?? 0);
  if (erasing === '' && !frame.includes('\n')) {
    // The caret alone was moved; anything else leaves the live part as it is.
    return { text, drawn: caret === null || drawn === null ? drawn : { ...drawn, caret: drawn.widths.length - 1 - up } };
  }
  if (erasing === '' && caret === null) return { text, drawn };
  const widths = frame.replace(STYLE, '').split('\n').map(widthOf);
  return {
    text: erasing === '' || drawn === null ? text : erased(drawn, columns) + rest,
    drawn: caret === null ? null : { widths, caret: widths.length - 1 - up },
  };
}

/** From the caret to the first row of the live part, and all below it cleared. */
function erased({ widths, caret }: Drawn, columns: number): string {
  const rows = widths.slice(0, caret).reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
  return `\u001b[?25l${rows > 0 ? `\u001b[${rows}A` : ''}\u001b[1G\u001b[J`;
}

/**
 * @param reflows whether the terminal wraps what is on the screen when it becomes narrower, as all but xterm and the Linux console do
 * @param redraw lays the app out and draws it
 */
export function createWindow(stdout: NodeJS.WriteStream, reflows: boolean, redraw: () => void): Window {
  const listeners = new Set<() => void>();
  let drawn: Drawn | null = null;
  let size = sizeOf(stdout);
  const resized = () => {
    size = sizeOf(stdout);
    for (const listener of listeners) listener();
    redraw();
  };
  // Before ink hears of it.
  stdout.prependListener('resize', resized);
  const write = (text: string, ...rest: unknown[]) => {
    const next = redrawn(text, drawn, reflows ? columnsNow(stdout) : Number.POSITIVE_INFINITY);
    drawn = next.drawn;
    return Reflect.apply(stdout.write, stdout, [next.text, ...rest]);
  };
  return {
    stdout: withWrite(stdout, write),
    get: () => size,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => stdout.off('resize', resized),
  };
}

function sizeOf({ columns, rows }: NodeJS.WriteStream): Size {
  return { columns: columns || 80, rows: rows || 24 };
}

/** The width at this moment: Node hears of a new one by a signal, and what was drawn before that is wrapped already. */
function columnsNow(stdout: NodeJS.WriteStream & { readonly _handle?: { getWindowSize?(size: number[]): number } }): number {
  const size: number[] = [];
  stdout._handle?.getWindowSize?.(size);
  return size[0] || sizeOf(stdout).columns;
}

function withWrite(stdout: NodeJS.WriteStream, write: unknown): NodeJS.WriteStream {
  return new Proxy(stdout, {
    get: (stream, name) => {
      if (name === 'write') return write;
      const value: unknown = Reflect.get(stream, name, stream);
      return typeof value === 'function' ? value.bind(stream) : value;
    },
  });
}
