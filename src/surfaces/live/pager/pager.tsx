// The pager: a view on the whole screen while the run goes on behind it.
import { Box, render, useCursor, useInput, usePaste, useWindowSize } from 'ink';
import { useSyncExternalStore } from 'react';
import { asError } from '../../../core/errors.ts';
import type { Line } from '../../line.ts';
import { EMPTY, type Page, safeLines, span, styled } from '../../views/styled.ts';
import { Paint, type Painting, Row } from '../paint/paint.tsx';
import { createStore, type Store } from '../store.ts';
import { statusRow, textRows } from './pager-frame.ts';
import { pasted, pressed, type Step } from './pager-keys.ts';
import { printedLines } from './pager-print.ts';
import { find, openReading, type Reading, renewed, type Size } from './pager-reading.ts';
import { standIn } from './pager-stdout.ts';

export interface PagerOptions {
  readonly stdout: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
  readonly painting: Painting;
  /** What is read, e.g. `diff` or `log`. */
  readonly title: string;
  /** Reads what is shown; called at the opening and after each change. A page is known again by its title. */
  readonly pages: () => Promise<readonly Page[]>;
  /** Told when what is shown has changed; gives how to end that. */
  readonly subscribe?: (changed: () => void) => () => void;
  /** Opens the first page whose title holds this; when there is none, shows only the lines that hold it. */
  readonly find?: string;
  /** The end is shown first, and stays in sight while the page grows (a log). */
  readonly atEnd?: boolean;
  /** What goes on behind the view, in a few words, for the status line. */
  readonly status?: () => string;
  /** Hands the terminal over: `useApp().suspendTerminal` of the app whose place the view takes. */
  readonly suspend: () => Promise<{ resume(): Promise<void> }>;
  /** Called for Ctrl-C, after the view has been left. */
  readonly interrupt: () => void;
  /** Leaves the view from outside (the end of the process). */
  readonly signal?: AbortSignal;
  /** Takes the lines of a view that is read out (`painting.reader`) and has no screen of its own. */
  readonly print: (lines: readonly Line[]) => void;
}

/** Milliseconds between two readings of what is shown. */
const RENEWAL = 500;
const FRAMES_PER_SECOND = 30;

/**
 * Shows a view until it is left, and resolves when the terminal is the app's again, exactly as it was.
 * While it is open the app draws nothing, and ink would lose `<Static>` items that come meanwhile: the app holds its finished lines back until this
 * resolves.
 */
export async function openPager(options: PagerOptions): Promise<void> {
  const first = await readPages(options);
  if (options.painting.reader) return options.print(printedLines(first));
  if (options.signal?.aborted) return;
  const opened = openReading(first, options.atEnd ?? false);
  const store = createStore<Reading>(options.find === undefined ? opened : find(opened, options.find), 0);
  const app = await options.suspend();
  // Until the view reads keys, a Ctrl-C would be a signal, and echoed.
  options.stdin.setRawMode(true);
  let how: Step = 'leave';
  try {
    how = await show(options, store);
  } finally {
    await app.resume();
  }
  if (how === 'interrupt') options.interrupt();
}

/** The view, until a key or the signal leaves it. */
async function show(options: PagerOptions, store: Store<Reading>): Promise<'leave' | 'interrupt'> {
  const { stdin, signal } = options;
  const left = Promise.withResolvers<'leave' | 'interrupt'>();
  const take = (step: (reading: Reading) => Step) => {
    const next = step(store.get());
    if (next === 'leave' || next === 'interrupt') left.resolve(next);
    else store.set(() => next);
  };
  const screen = render(<Pager options={options} store={store} take={take} />, {
    // Ink keeps one app for each stream, and the suspended one has this one.
    stdout: standIn(options.stdout),
    stdin,
    alternateScreen: true,
    exitOnCtrlC: false,
    patchConsole: false,
    incrementalRendering: true,
    maxFps: FRAMES_PER_SECOND,
  });
  const leave = () => left.resolve('leave');
  signal?.addEventListener('abort', leave);
  const stop = options.subscribe?.(renewal(options, store));
  try {
    return await left.promise;
  } finally {
    stop?.();
    store.close();
    signal?.removeEventListener('abort', leave);
    screen.unmount();
  }
}

/** Reads the pages anew after a change, one reading at a time and not more often than anybody could follow. */
function renewal(options: PagerOptions, store: Store<Reading>): () => void {
  let busy = false;
  let again = false;
  const renew = async () => {
    busy = true;
    again = false;
    const pages = await readPages(options);
    store.set((reading) => renewed(reading, pages));
    setTimeout(() => {
      busy = false;
      if (again) void renew();
    }, RENEWAL).unref();
  };
  return () => {
    again = true;
    if (!busy) void renew();
  };
}

async function readPages({ pages, title }: PagerOptions): Promise<readonly Page[]> {
  try {
    return await pages();
  } catch (thrown) {
    const why = safeLines(asError(thrown).message).map((text) => styled(span(text, 'warn')));
    return [{ title, lines: [styled(span('This cannot be shown:')), ...why] }];
  }
}

interface PagerProps {
  readonly options: PagerOptions;
  readonly store: Store<Reading>;
  readonly take: (step: (reading: Reading) => Step) => void;
}

function Pager({ options, store, take }: PagerProps) {
  const reading = useSyncExternalStore(store.subscribe, store.get);
  const { columns, rows } = useWindowSize();
  const size: Size = { columns: Math.max(1, columns), rows: Math.max(1, rows - 1) };
  useInput((input, key) => take((now) => pressed(now, input, key, size)));
  usePaste((text) => take((now) => pasted(now, text)));
  const { setCursorPosition } = useCursor();
  const text = textRows(reading, size);
  const status = statusRow(reading, options.title, options.status?.() ?? '', size);
  setCursorPosition(status.cursor === null ? undefined : { x: status.cursor, y: rows - 1 });
  return (
    <Paint value={options.painting}>
      <Box flexDirection="column" height={rows}>
        {Array.from({ length: size.rows }, (_, row) => (
          <Row key={row} spans={text[row] ?? EMPTY.spans} columns={columns} />
        ))}
        <Row spans={status.spans} columns={columns} />
      </Box>
    </Paint>
  );
}
