// Start-up: --version, --help, and a headless run up to its first request, each beside `node -e 0` of the same Node.
// usage: node bench/startup.mjs [--runs 15]

import { refusedRun, untilFirstRequest } from './first-request.mjs';
import { cleanEnv, option, REDGREEN, shown, spread, table, tempFolder, timed } from './measure.mjs';

const AIMS = { '--version': 35, '--help': 60, 'first request': 130 };

/** Measures and gives the rows of the table. */
export async function startup(runs) {
  const temp = tempFolder();
  const home = temp.at('home');
  const options = { env: cleanEnv(home), cwd: temp.dir };
  const programs = {
    'node -e 0': () => timed([process.execPath, '-e', '0'], options),
    '--version': () => timed([REDGREEN, '--version'], options),
    '--help': () => timed([REDGREEN, '--help'], options),
    'first request': (n) => untilFirstRequest({ dir: temp.at(`project-${n}`), home }),
    'first request, first use ever': (n) => untilFirstRequest({ dir: temp.at(`new-${n}`), home: temp.at(`home-${n}`) }),
  };
  const results = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  await refusedRun({ dir: temp.at('before'), home });
  for (let n = 0; n < runs; n++) for (const [name, run] of Object.entries(programs)) results[name].push(await run(n));
  temp.clean();
  return rowsOf(results);
}

function rowsOf(results) {
  const base = spread(results['node -e 0'].map((r) => r.cpu)).median;
  return Object.entries(results).map(([name, list]) => {
    const cpu = list.map((r) => r.cpu);
    const own = list[0].own === undefined ? '' : shown(list.map((r) => r.own));
    const ratio = (spread(cpu).median / base).toFixed(2);
    return [name, shown(cpu), own, shown(list.map((r) => r.wall)), ratio, AIMS[name] ? `≤ ${AIMS[name]}` : ''];
  });
}

export const STARTUP_HEAD = [
  'start-up',
  'CPU ms min / median / max',
  'of it the harness process',
  'wall ms',
  'CPU ÷ node -e 0',
  'aim, CPU ms',
];

if (import.meta.main) {
  const rows = await startup(option('runs', 15));
  console.log(table([STARTUP_HEAD, ...rows]));
  process.exit();
}
