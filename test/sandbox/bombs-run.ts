// usage: node bombs-run.ts bubblewrap|perl TMPDIR   sets every bomb off once it reads a line; prints a JSON object.
import { readSync } from 'node:fs';
import { chooseRung } from '../../sandbox/index.ts';
import { BOMBS, leftGroups, setOff } from './bombs.ts';

const [kind = '', tmpDir = ''] = process.argv.slice(2);
readSync(0, Buffer.alloc(1));
const hide = kind === 'perl' ? (['bubblewrap'] as const) : (['perl'] as const);
const { rung, remedy } = await chooseRung({ node: process.execPath, hide, tmpDir });
const wrong: string[] = [];
if (rung !== null) for (const bomb of BOMBS) wrong.push(await setOff(rung, bomb));
process.stdout.write(
  JSON.stringify({ name: rung?.name ?? null, remedy, groups: rung === null ? [] : leftGroups(rung), wrong: wrong.filter(Boolean) }),
);
rung?.close();
