import { readFileSync, readdirSync, statSync, mkdtempSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createBox } from '/work/main/src/effects/box.ts';
import { createRunners } from '/work/main/src/effects/runners/index.ts';
import { runTests } from '/work/main/src/effects/steps/testing.ts';
const box = await createBox({ stateDir: mkdtempSync('/tmp/p2/st-'), env: { PATH: process.env['PATH'] } });
const dir = '/tmp/p2/demo';
const files: Record<string,string> = {};
const walk = (d: string) => { for (const n of readdirSync(d)) { if (n==='node_modules'||n.startsWith('.')) continue; const p=join(d,n); if (statSync(p).isDirectory()) walk(p); else files[relative(dir,p)] = readFileSync(p,'utf8'); } };
walk(dir);
const runner = createRunners().runner('node:test');
const signal = new AbortController().signal;
for (const tests of [['empty'], ...Object.keys(files).filter(p=>/test\.ts$/.test(p)).map(p=>[p]), Object.keys(files).filter(p=>/test\.ts$/.test(p))]) {
  const tree = tests[0]==='empty' ? {'empty.test.ts': "import {test} from 'node:test'; test('a',()=>{});", 'package.json':'{"type":"module"}'} : files;
  const t = Date.now(); const { report, ms } = await runTests({ box: async () => box }, { tree, runner, tests: tests[0]==='empty'?['empty.test.ts']:tests, deps: null, timeoutMs: 60000, signal });
  console.log(tests.join(','), 'wall', Date.now()-t, 'box', ms, 'tests', report.tests.length, report.tests.filter(x=>x.status==='passed').length, report.broken?.message ?? '', report.tampered ?? '');
}
await box.close();
