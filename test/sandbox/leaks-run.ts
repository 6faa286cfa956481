// usage: node leaks-run.ts bubblewrap|perl TMPDIR MARK cgroup|watchdog   runs boxes with daemons until it is killed.
import { setTimeout as wait } from 'node:timers/promises';
import { chooseRung, openBox } from '../../sandbox/index.ts';

const [kind = '', tmpDir = '', mark = '', limited = ''] = process.argv.slice(2);
const hide = kind === 'perl' ? (['bubblewrap'] as const) : (['perl'] as const);
const { rung: made, remedy } = await chooseRung({ node: process.execPath, hide, tmpDir });
if (made === null) {
  process.stdout.write(`SKIP ${remedy}\n`);
  process.exit();
}
const rung = limited === 'cgroup' ? made : { ...made, cgroup: null };
process.stdout.write('ready\n');
const commands = [
  'setsid sleep 1000 & sleep 1000',
  'trap "" TERM HUP; (setsid sh -c "(sleep 1000 &)" &); sleep 0.01',
  'dd if=/dev/zero of=/tmp/x bs=1M count=20 status=none; echo x > /out/x',
  'true',
];
for (let n = 0; ; n++) {
  const out = rung.staging.folder('out', { writable: true });
  const box = await openBox(rung, {
    read: [],
    write: [{ source: out, target: '/out' }],
    env: { PATH: '/usr/bin:/bin', MARK: mark },
    network: n % 3 === 0 ? { door: { targets: ['registry.example:443'] } } : 'none',
  });
  const runs = commands.map((script) => box.run(['sh', '-c', script], { timeoutMs: 50 + ((n * 37) % 200) }));
  await Promise.race([Promise.all(runs), wait(150)]);
  await box.close();
  rung.staging.remove(out);
}
