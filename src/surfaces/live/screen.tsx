import { Box, Static, Text } from 'ink';
import { type ReactNode, useSyncExternalStore } from 'react';
import type { Limits } from '../../core/events.ts';
import { oneLine } from '../../core/sanitise.ts';
import type { State } from '../../core/state.ts';
import { doing, howFar } from '../doing.ts';
import type { Line, Tone } from '../line.ts';
import { amount, dollars, size, time } from '../words.ts';
import { Paint, paintOf } from './paint.tsx';
import type { Store } from './store.ts';
import { fileRows, fitRows, type Row, type View } from './view.ts';

export interface ScreenProps {
  readonly store: Store<View>;
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What stands below the meter: a hint or the user's input. */
  readonly footer: ReactNode;
}

/** Lines of the live part that are neither files nor tests. */
const FIXED = 5;
const GRID_ROWS = 3;

/** What happened scrolls away as plain text; below it a small live part, never taller than the window less two lines. */
export function Screen({ store, columns, rows, color, now, footer }: ScreenProps) {
  const view = useSyncExternalStore(store.subscribe, store.get);
  const { state } = view;
  const room = Math.max(1, rows - 2 - FIXED);
  const grid = gridLines(view, columns, Math.min(GRID_ROWS, room));
  const files = fitRows(fileRows(view), room - grid.length);
  return (
    <Paint.Provider value={color}>
      <Static items={[...view.lines]}>{(line, index) => <LogLine key={index} line={line} columns={columns} />}</Static>
      <Box flexDirection="column" width={columns}>
        <Text> </Text>
        {files.shown.map((row) => (
          <FileRow key={row.path} row={row} columns={columns} />
        ))}
        {files.hidden > 0 ? <Text wrap="truncate">{`  and ${files.hidden} more`}</Text> : null}
        {grid.map((cells, index) => (
          <GridRow key={cells.key} cells={cells.text} first={index === 0} />
        ))}
        <Text wrap="truncate" {...paintOf(color, 'strong')}>
          {oneLine(`${doing(state)}${howFar(view.progress, state, now)}`, columns)}
        </Text>
        <Meter state={state} now={now} color={color} />
        {footer}
      </Box>
    </Paint.Provider>
  );
}

function LogLine({ line, columns }: { readonly line: Line; readonly columns: number }) {
  return (
    <Box width={columns}>
      <Box width={10} flexShrink={0}>
        <Tinted tone={line.tone}>{line.label}</Tinted>
      </Box>
      <Tinted tone={line.tone} wrap="wrap">
        {line.text}
      </Tinted>
    </Box>
  );
}

function Tinted({
  tone,
  wrap = 'truncate',
  children,
}: {
  readonly tone: Tone;
  readonly wrap?: 'truncate' | 'wrap';
  readonly children: ReactNode;
}) {
  return (
    <Paint.Consumer>
      {(color) => (
        <Text wrap={wrap} {...paintOf(color, tone)}>
          {children}
        </Text>
      )}
    </Paint.Consumer>
  );
}

const MARKS: Readonly<Record<Row['status'], string>> = { waiting: '·', writing: '›', done: '✓' };
const TONES: Readonly<Record<Row['status'], Tone>> = { waiting: 'quiet', writing: 'plain', done: 'good' };

function FileRow({ row, columns }: { readonly row: Row; readonly columns: number }) {
  const received = row.status === 'writing' ? `  ${size(row.characters)}` : '';
  return <Tinted tone={TONES[row.status]}>{`${MARKS[row.status]} ${oneLine(row.path, columns - 12)}${received}`}</Tinted>;
}

interface Cells {
  readonly key: string;
  readonly text: string;
}

/** The test grid as lines of marks: `✓` passed, `✗` failed, `-` skipped or unknown. Larger suites show their count instead. */
function gridLines(view: View, columns: number, most: number): readonly Cells[] {
  const marks = [...view.grid.values()].map((status) => (status === 'passed' ? '✓' : status === 'failed' ? '✗' : '-'));
  if (marks.length === 0) return [];
  const width = Math.max(10, columns - 8);
  if (marks.length > width * most) {
    const passed = marks.filter((mark) => mark === '✓').length;
    return [{ key: 'count', text: `${passed} of ${marks.length} pass` }];
  }
  const lines: Cells[] = [];
  for (let i = 0; i < marks.length; i += width) lines.push({ key: String(i), text: marks.slice(i, i + width).join('') });
  return lines;
}

function GridRow({ cells, first }: { readonly cells: string; readonly first: boolean }) {
  const runs = cells.match(/✓+|✗+|[^✓✗]+/g) ?? [];
  return (
    <Text wrap="truncate">
      {first ? 'tests  ' : '       '}
      {runs.map((run, index) => (
        <Tinted key={index} tone={run.startsWith('✓') ? 'good' : run.startsWith('✗') ? 'bad' : 'plain'}>
          {run}
        </Tinted>
      ))}
    </Text>
  );
}

function Meter({ state, now, color }: { readonly state: State; readonly now: number; readonly color: boolean }) {
  const limits: Limits | undefined = state.run?.limits;
  const { spent, unpriced, input, cached, cacheWrite, output } = state.ledger;
  const tokens = input + cached + cacheWrite + output;
  const elapsed = state.startedAt === 0 ? 0 : Math.max(0, now - state.startedAt);
  const of = (cap: string | null) => (cap === null ? '' : ` of ${cap}`);
  const parts = [
    `${dollars(spent)}${unpriced > 0 ? '+' : ''}${of(limits?.money == null ? null : dollars(limits.money))}`,
    `${amount(tokens)}${of(limits?.tokens == null ? null : amount(limits.tokens))} tokens`,
    `${time(Math.floor(elapsed / 1000) * 1000)}${of(limits?.wallMs == null ? null : time(limits.wallMs))}`,
  ];
  const tight = limits?.money != null && limits.money > 0 && spent / limits.money > 0.8;
  return (
    <Text wrap="truncate" {...paintOf(color, tight ? 'warn' : 'quiet')}>
      {parts.join(' · ')}
    </Text>
  );
}
