// The live screen. Imported only when a person sits at a terminal, because ink is heavy.
import { render, useWindowSize } from 'ink';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { awaitsPlan } from '../../core/reduce-words.ts';
import { closing } from '../closing.ts';
import { lineText } from '../plain.ts';
import type { Meeting, Surface, Word } from '../surface.ts';
import { Footer } from './footer.tsx';
import { Screen } from './screen.tsx';
import { createStore, type Store } from './store.ts';
import { emptyView, type View, viewEvent, viewSignal } from './view.ts';

export interface LiveOptions {
  readonly stdout: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
  readonly color: boolean;
  /** Called for each Ctrl-C. */
  readonly interrupt: () => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

interface Talk {
  readonly answer: ((word: Word | null) => void) | null;
  readonly interrupted: boolean;
}

const FRAMES_PER_SECOND = 12;

export function createLive(options: LiveOptions): Surface {
  const store = createStore<View>(emptyView, 1000 / FRAMES_PER_SECOND);
  const talk = createStore<Talk>({ answer: null, interrupted: false }, 0);
  const interrupt = () => {
    talk.set((t) => ({ ...t, interrupted: true }));
    options.interrupt();
  };
  const tree = <Live store={store} talk={talk} color={options.color} now={options.now} interrupt={interrupt} />;
  const app = render(tree, { stdout: options.stdout, stdin: options.stdin, exitOnCtrlC: false, maxFps: FRAMES_PER_SECOND });
  let after = '';
  let run: Meeting | null = null;
  const answer = (word: Word | null) => {
    talk.set((t) => ({ ...t, answer: null }));
    if (word === null) interrupt();
    else run?.say(word);
  };
  return {
    meet: (meeting) => {
      run = meeting;
    },
    event: (event, state) => {
      store.set((view) => viewEvent(view, event, state));
      if (event.type === 'plan.vetted' && awaitsPlan(state)) talk.set((t) => ({ ...t, answer }));
    },
    signal: (signal) => store.set((view) => viewSignal(view, signal)),
    finish: (result) => {
      after = closing(result)
        .map((line) => `${lineText(line, options.color)}\n`)
        .join('');
    },
    close: async () => {
      store.close();
      // Everything that happened is written before the live part goes.
      await app.waitUntilRenderFlush();
      app.rerender(null);
      await app.waitUntilRenderFlush();
      app.unmount();
      await app.waitUntilExit();
      options.stdout.write(after);
    },
  };
}

interface LiveProps {
  readonly store: Store<View>;
  readonly talk: Store<Talk>;
  readonly color: boolean;
  readonly now: () => number;
  readonly interrupt: () => void;
}

function Live({ store, talk, color, now, interrupt }: LiveProps) {
  const { columns, rows } = useWindowSize();
  const { answer, interrupted } = useSyncExternalStore(talk.subscribe, talk.get);
  const [time, setTime] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setTime(now()), 1000);
    return () => clearInterval(timer);
  }, [now]);
  const footer = <Footer color={color} columns={columns} answer={answer} interrupted={interrupted} interrupt={interrupt} />;
  return <Screen store={store} columns={columns} rows={rows} color={color} now={time} footer={footer} />;
}
