// Tries the rung for macOS, as far as Linux can, as whoever runs this. Prints what was found as JSON.
import { join } from 'node:path';
import type { Policy, Rung } from '../../sandbox/index.ts';
import { openBox } from '../../sandbox/index.ts';
import { makeRung } from '../../sandbox/rung.ts';
import { selfTest } from '../../sandbox/self-test.ts';

const rung = makeRung('macos', { image: '', tmpDir: process.argv[2] ?? '/tmp', trial: true });
if (typeof rung === 'string') throw new Error(rung);

const bare: Rung = {
  ...rung,
  plan: async (inside) => {
    const plan = await rung.plan?.(inside);
    if (plan === undefined) throw new Error('no plan');
    return { ...plan, argv: ['-c', 'exec "$@"', 'sh', ...inside.argv] };
  },
};

const whole = await selfTest(rung, process.execPath);
const out = rung.staging.folder('out', { writable: true });
const tree = rung.staging.folder('tree');
rung.staging.write(join(tree, 'a.txt'), 'in the tree\n');
const policy: Policy = {
  read: [tree, process.execPath].map((source) => ({ source, target: source })),
  write: [{ source: out, target: '/out' }],
  env: { PATH: '/usr/bin:/bin', A: 'b' },
  network: 'none',
};
const sh = async (script: string, extra: Partial<Policy> = {}, timeoutMs = 20_000) => {
  const box = await openBox(rung, { ...policy, ...extra });
  const { reason, stdout } = await box.run(['sh', '-c', script], { cwd: tree, timeoutMs });
  await box.close();
  return [reason, stdout.trim()];
};
const results = {
  whole,
  without: await selfTest(bare, process.execPath),
  name: rung.name,
  files: await sh(
    `cat a.txt; echo report > ${out}/report; cat ${out}/report; touch ${tree}/b; echo x > "$HOME/y" && cat "$TMPDIR/y"; echo $A`,
  ),
  code: await sh('exit 7'),
  time: await sh('setsid sleep 100 & sleep 100', {}, 500),
  memory: await sh(`exec ${process.execPath} -e 'const kept = []; setInterval(() => kept.push(Buffer.alloc(16e6, 1)), 10)'`, {
    limits: { memoryBytes: 200 * 1024 * 1024 },
  }),
  proxy: await sh('env | grep -c ^HTTPS_PROXY; true', { network: { door: { targets: ['registry.npmjs.org:443'] } } }),
  noProxy: await sh('env | grep -c ^HTTPS_PROXY; true'),
};
rung.close();
console.log(JSON.stringify(results));
process.exit();
