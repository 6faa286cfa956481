// Draws the README's picture: runs the demo in a pseudo-terminal, rebuilds its screens, and writes them as one moving SVG (no script in it).
//   node scripts/picture.mjs [--out docs/demo.svg] [--columns 100] [--rows 30] [--frames 48] [--still]   (--still: the last screen alone)
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(root, 'docs/demo.svg') },
    columns: { type: 'string', default: '100' },
    rows: { type: 'string', default: '30' },
    frames: { type: 'string', default: '48' },
    still: { type: 'boolean', default: false },
  },
});
const cols = Number(values.columns);
const rows = Number(values.rows);
/** Milliseconds between two looks, the longest that a screen is shown, and how long the last one stays. */
const [LOOK, LONGEST, LAST] = [250, 1400, 9000];
const CELL = { width: 8.4, height: 18, margin: 16 };

const terminal = new xterm.Terminal({ cols, rows, allowProposedApi: true });
const home = mkdtempSync(join(tmpdir(), 'redgreen-picture-'));
writeFileSync(join(home, '.gitconfig'), '[user]\nname = You\nemail = you@example.org\n');
const child = spawn(join(root, 'bin/redgreen'), ['demo', '--dir', join(home, 'demo')], {
  name: 'xterm-256color',
  cols,
  rows,
  cwd: home,
  env: { PATH: process.env.PATH, HOME: home, TERM: 'xterm-256color', LANG: 'C.UTF-8' },
});
child.onData((data) => terminal.write(data));
const seen = [];
const timer = setInterval(() => look(), LOOK);
await new Promise((done) => child.onExit(() => setTimeout(done, 300)));
clearInterval(timer);
await new Promise((done) => terminal.write('', done));
// The live part is gone: what a person sees who scrolls up by the rows that it leaves empty.
look(rows - 1 - terminal.buffer.active.cursorY);
writeFileSync(values.out, svg(values.still ? seen.slice(-1) : thinned(seen, Number(values.frames))));
process.exit(0);

function look(up = 0) {
  const lines = cells(up);
  if (JSON.stringify(lines) !== JSON.stringify(seen.at(-1)?.lines)) seen.push({ at: Date.now(), lines });
}

/** Rows of runs of equally coloured text, as the terminal shows them. */
function cells(up) {
  const buffer = terminal.buffer.active;
  return Array.from({ length: rows }, (_, y) => {
    const line = buffer.getLine(Math.max(0, buffer.viewportY - up) + y);
    const runs = [];
    for (let x = 0; x < cols; x += 1) {
      const cell = line?.getCell(x);
      if (!cell || cell.getWidth() === 0) continue;
      const look = `${cell.isFgPalette() ? cell.getFgColor() : 'default'}|${cell.isDim() ? 1 : 0}|${cell.isBold() ? 1 : 0}`;
      const last = runs.at(-1);
      const text = cell.getChars() || ' ';
      if (last?.look === look) last.text += text;
      else runs.push({ look, x, text });
    }
    return runs.filter((run) => run.text.trim() !== '').map((run) => ({ ...run, text: run.text.replaceAll(home, '/tmp').trimEnd() }));
  });
}

/** At most `most` screens: those that differ most from the one before are kept. */
function thinned(screens, most) {
  const weight = (i) =>
    i === 0 ? Infinity : screens[i].lines.filter((l, y) => JSON.stringify(l) !== JSON.stringify(screens[i - 1].lines[y])).length;
  const kept = screens.map((_, i) => ({ i, w: i === screens.length - 1 ? Infinity : weight(i) })).sort((a, b) => b.w - a.w || a.i - b.i);
  return kept
    .slice(0, most)
    .sort((a, b) => a.i - b.i)
    .map(({ i }) => screens[i]);
}

function svg(screens) {
  const width = cols * CELL.width + CELL.margin * 2;
  const height = rows * CELL.height + CELL.margin * 2;
  const ids = new Map();
  const rowId = (runs) => {
    const key = JSON.stringify(runs);
    if (!ids.has(key)) ids.set(key, `r${ids.size}`);
    return ids.get(key);
  };
  const spans = screens.map(({ at }, i) => (i === screens.length - 1 ? LAST : Math.min(LONGEST, screens[i + 1].at - at)));
  const total = spans.reduce((a, b) => a + b, 0);
  let from = 0;
  const frames = screens.map(({ lines }, i) => {
    const uses = lines.flatMap((runs, y) => (runs.length === 0 ? [] : [`<use href="#${rowId(runs)}" y="${y * CELL.height}"/>`])).join('');
    const [start, end] = [(from / total) * 100, ((from + spans[i]) / total) * 100];
    from += spans[i];
    const last = i === screens.length - 1;
    return { last, text: `<g class="f${last ? ' last' : ''}" style="animation-name:k${i}">${uses}</g>`, key: keyframes(i, start, end) };
  });
  const style = `.f{visibility:hidden;animation-duration:${(total / 1000).toFixed(1)}s;animation-iteration-count:infinite;animation-timing-function:step-end}
${frames.map((f) => f.key).join('\n')}
@media (prefers-reduced-motion:reduce){.f{animation:none}.last{visibility:visible}}`;
  const one = screens.length === 1;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">
<style>${one ? '' : style}</style>
<rect width="100%" height="100%" rx="8" fill="#1c2128"/>
<defs>
${[...ids].map(([key, id]) => `<g id="${id}">${row(JSON.parse(key))}</g>`).join('\n')}
</defs>
${frames.map((f) => (one ? f.text.replace(/ class="[^"]*" style="[^"]*"/, '') : f.text)).join('\n')}
</svg>
`;
}

function keyframes(i, start, end) {
  const at = (percent) => `${percent.toFixed(3)}%`;
  const before = start === 0 ? '' : '0%{visibility:hidden}';
  return `@keyframes k${i}{${before}${at(start)}{visibility:visible}${end > 99.99 ? '' : `${at(end)}{visibility:hidden}`}}`;
}

function row(runs) {
  const colour = { 1: '#e5534b', 2: '#57ab5a', 3: '#c69026', 6: '#39c5cf', default: '#d0d7de' };
  return runs
    .map(({ look, x, text }) => {
      const [fg, dim, bold] = look.split('|');
      const style = `fill="${colour[fg] ?? colour.default}"${dim === '1' ? ' opacity="0.6"' : ''}${bold === '1' ? ' font-weight="bold"' : ''}`;
      const left = (CELL.margin + x * CELL.width).toFixed(1);
      return `<text x="${left}" y="32" ${style} textLength="${([...text].length * CELL.width).toFixed(1)}">${escaped(text)}</text>`;
    })
    .join('');
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(' ', '\u00a0');
}
