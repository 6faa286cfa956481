// Runs every attempt to break out on every rung of this machine and writes the table into docs/sandbox.md.
//   node scripts/attack-table.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { ATTEMPTS } from '../test/attacks/attempts/index.ts';
import { runJob, users } from '../test/attacks/run.ts';
import { draw, unshown } from '../test/attacks/table.ts';
import { REMOVALS } from '../test/attacks/weaken.ts';
import { makeTestImage, TEST_IMAGE } from '../test/sandbox/image.ts';

const page = new URL('../docs/sandbox.md', import.meta.url);
const ids = ATTEMPTS.map((attempt) => attempt.id);
const columns = new Map();
const jobs = ['bubblewrap', 'perl'].flatMap((rung) => users().map((user) => ({ rung, user })));
if (makeTestImage() === null) jobs.push({ rung: 'podman', user: users()[0], image: TEST_IMAGE });
for (const { user, ...job } of jobs) columns.set(`${job.rung}, ${user}`, await runJob({ removed: [], ids, ...job }, user));

const names = Object.entries(REMOVALS).map(([name, what]) => `\`${name}\` ${what}`);
let text = readFileSync(page, 'utf8');
text = between(text, 'attacks', draw(ATTEMPTS, columns));
text = between(text, 'protections', `${names.join('; ')}.`);
text = between(text, 'unshown', unshown(ATTEMPTS));
writeFileSync(page, text);

function between(whole, name, inner) {
  const [from, to] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [whole.indexOf(from), whole.indexOf(to)];
  if (start < 0 || end < start) throw new Error(`docs/sandbox.md has no place for ${name}`);
  return `${whole.slice(0, start + from.length)}\n\n${inner}\n\n${whole.slice(end)}`;
}
