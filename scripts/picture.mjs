// Draws the README's picture: runs the demo in a pseudo-terminal, rebuilds the screen, and writes it as an SVG.
//   node scripts/picture.mjs [--out docs/demo.svg] [--at seconds]   (--at: the screen so many seconds after the start; default: the end)
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
    at: { type: 'string' },
    columns: { type: 'string', default: '108' },
    rows: { type: 'string', default: '34' },
  },
});
const cols = Number(values.columns);
const rows = Number(values.rows);
const terminal = new xterm.Terminal({ cols, rows, allowProposedApi: true });
const home = mkdtempSync(join(tmpdir(), 'redgreen-picture-'));
writeFileSync(join(home, '.gitconfig'), '[user]\nname = You\nemail = you@example.org\n');
const child = spawn(join(root, 'bin/redgreen'), ['demo', '--dir', join(home, 'demo')], {
  name: 'xterm-256color',
  cols,
  rows,
  cwd: home,
  env: { PATH: process.env.PATH, HOME: home, TERM: 'xterm-256color' },
});
child.onData((data) => terminal.write(data));
await new Promise((done) => {
  child.onExit(() => setTimeout(done, 200));
  if (values.at !== undefined) setTimeout(done, Number(values.at) * 1000);
});
await new Promise((done) => terminal.write('', done));
writeFileSync(values.out, svg(cells()));
child.kill();
process.exit(0);

/** Rows of runs of equally coloured text, as the terminal shows them. */
function cells() {
  const buffer = terminal.buffer.active;
  return Array.from({ length: rows }, (_, y) => {
    const line = buffer.getLine(buffer.viewportY + y);
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

function svg(lines) {
  const width = cols * 8.4 + 32;
  const height = rows * 18 + 32;
  const colour = { 1: '#e5534b', 2: '#57ab5a', 3: '#c69026', 6: '#39c5cf', default: '#d0d7de' };
  const text = lines
    .flatMap((runs, y) =>
      runs.map(({ look, x, text }) => {
        const [fg, dim, bold] = look.split('|');
        const style = `fill="${colour[fg] ?? colour.default}"${dim === '1' ? ' opacity="0.6"' : ''}${bold === '1' ? ' font-weight="bold"' : ''}`;
        return `<text x="${(16 + x * 8.4).toFixed(1)}" y="${32 + y * 18}" ${style} textLength="${(text.length * 8.4).toFixed(1)}">${escaped(text)}</text>`;
      }),
    )
    .join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">
<rect width="100%" height="100%" rx="8" fill="#1c2128"/>
${text}
</svg>
`;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(' ', '\u00a0');
}
