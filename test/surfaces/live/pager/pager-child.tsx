// An app with finished lines, a live part and a view, for pager.terminal.test.ts. It stands for the app of the session.
// `v` opens the view, Ctrl-C stops. The first argument says what goes on behind the view (`goes-on`: something every 20 ms; `quiet`: nothing;
// `ends`: the run ends soon after the view opens; `quits`: a stop leaves the process at once), the second how many lines the view has.
import { Box, render, Static, Text, useApp, useInput, usePaste } from 'ink';
import { useState, useSyncExternalStore } from 'react';
import { openPager } from '../../../../src/surfaces/live/pager/pager.tsx';
import { unicodeSymbols } from '../../../../src/surfaces/live/paint/symbols.ts';
import { createStore } from '../../../../src/surfaces/live/store.ts';
import { span, styled } from '../../../../src/surfaces/views/styled.ts';

const [what = '', count = '60'] = process.argv.slice(2);
const happened = createStore({ lines: [] as readonly string[], held: null as readonly string[] | null }, 0);
const leave = new AbortController();
let open: Promise<void> | null = null;

const say = (text: string) => happened.set((now) => ({ ...now, lines: [...now.lines, text] }));
for (let i = 0; i < 40; i++) say(`before ${i}`);

const page = (title: string, lines: number) => ({
  title,
  lines: Array.from({ length: lines }, (_, i) => styled(span(`${title} line ${i + 1}${i === 7 ? ` 漢字${'e\u0301'.repeat(3)}|` : ''}`))),
});

function App() {
  const { suspendTerminal } = useApp();
  const [taken, setTaken] = useState('');
  const { lines, held } = useSyncExternalStore(happened.subscribe, happened.get);
  useInput((input, key) => {
    if (key.ctrl && input === 'c') return stop('interrupted');
    if (input !== 'v') return setTaken((before) => before + input);
    happened.set((now) => ({ ...now, held: now.lines }));
    if (what === 'ends') setTimeout(() => stop('ended'), 500);
    open = openPager({
      stdout: process.stdout,
      stdin: process.stdin,
      painting: { color: true, symbols: unicodeSymbols, reader: false },
      title: 'view',
      pages: async () => [page('first', Number(count)), page('second', 3)],
      suspend: suspendTerminal,
      status: () => `${happened.get().lines.length} told`,
      subscribe: happened.subscribe,
      interrupt: () => stop('interrupted'),
      signal: leave.signal,
      print: () => {},
    }).finally(() => {
      open = null;
      happened.set((now) => ({ ...now, held: null }));
    });
  });
  usePaste((text) => setTaken((before) => before + text));
  return (
    <>
      <Static items={[...(held ?? lines)]}>{(line) => <Text key={line}>{line}</Text>}</Static>
      <Box flexDirection="column">
        <Text>{`process ${process.pid}`}</Text>
        <Text>{`typed: ${taken}`}</Text>
      </Box>
    </>
  );
}

const app = render(<App />, { exitOnCtrlC: false, maxFps: 12 });
const timer = setInterval(() => what === 'goes-on' && say(`meanwhile ${happened.get().lines.length}`), 20);
process.on('SIGTERM', () => stop('terminated'));

async function stop(why: string) {
  if (what === 'quits') process.exit(130);
  clearInterval(timer);
  say(`${why}: the last line`);
  leave.abort();
  await open;
  await app.waitUntilRenderFlush();
  app.unmount();
  await app.waitUntilExit();
  process.stdout.write('closing words\n');
  process.stdin.unref();
}
