import { Box, Text, useApp } from 'ink';
import { useEffect, useLayoutEffect, useState, useSyncExternalStore } from 'react';
import { Paint, type Painting } from './paint/paint.tsx';
import type { Printer } from './printer.ts';
import type { Press } from './prompt/keys.ts';
import { Prompt } from './prompt/prompt.tsx';
import { MARK, promptFrame } from './prompt/prompt-frame.ts';
import { Screen } from './run/screen.tsx';
import type { View } from './run/view.ts';
import type { Store } from './store.ts';
import { Transcript } from './transcript.tsx';
import { isTicking, placeholder, type Ui } from './ui.ts';
import type { Window } from './window.ts';

export interface AppProps {
  readonly view: Store<View>;
  readonly ui: Store<Ui>;
  readonly printer: Printer;
  readonly painting: Painting;
  readonly window: Pick<Window, 'get' | 'subscribe'>;
  readonly now: () => number;
  readonly press: (key: Press) => void;
  readonly paste: (text: string) => void;
  /** Takes what lends the terminal to another program. */
  readonly onReady: (suspend: ReturnType<typeof useApp>['suspendTerminal']) => void;
}

/** Finished lines above; below them what changes: the run, and the prompt. Never higher than the window less two lines. */
export function App({ view, ui, printer, painting, window, now, press, paste, onReady }: AppProps) {
  const { columns, rows } = useSyncExternalStore(window.subscribe, window.get);
  const { suspendTerminal } = useApp();
  const batch = useSyncExternalStore(printer.subscribe, printer.get);
  const shown = useSyncExternalStore(ui.subscribe, ui.get);
  const time = useTime(now, isTicking(shown) && !painting.reader);
  useLayoutEffect(() => onReady(suspendTerminal), [onReady, suspendTerminal]);
  // In a layout effect the batch is on the screen: ink draws it when it is committed.
  useLayoutEffect(() => printer.drawn(batch.number), [printer, batch.number]);
  const frame = promptFrame(shown, { columns, rows }, time);
  const gap = rows > 12 ? 1 : 0;
  return (
    <Paint value={painting}>
      <Transcript lines={batch.lines} columns={columns} />
      <Box flexDirection="column" width={columns}>
        {gap === 0 ? null : <Text> </Text>}
        {shown.phase === 'working' ? <Run store={view} columns={columns} rows={rows - 2 - gap - frame.height} now={time} /> : null}
        <Prompt frame={frame} columns={columns} placeholder={placeholder(shown, time, columns - MARK)} press={press} paste={paste} />
      </Box>
    </Paint>
  );
}

function Run({
  store,
  columns,
  rows,
  now,
}: {
  readonly store: Store<View>;
  readonly columns: number;
  readonly rows: number;
  readonly now: number;
}) {
  const view = useSyncExternalStore(store.subscribe, store.get);
  return rows < 1 ? null : <Screen view={view} columns={columns} rows={rows} now={now} />;
}

/** The time, anew each second while `isTicking`, and with each change of what is shown. */
function useTime(now: () => number, isTicking: boolean): number {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!isTicking) return;
    const timer = setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, [isTicking]);
  return now();
}
