import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { execFileSync } from 'node:child_process';
import { createPython } from '/work/main/src/effects/languages/python.ts';
import { writeFileSync, mkdtempSync } from 'node:fs';
const dir = process.argv[2]!, count = Number(process.argv[3] ?? 30), seed = Number(process.argv[4] ?? 1);
const files: Record<string,string> = {};
const walk = (d: string) => { for (const n of readdirSync(d)) { if (n.startsWith('.')||n==='__pycache__') continue; const p=join(d,n); if (statSync(p).isDirectory()) walk(p); else if (n.endsWith('.py')) files[relative(dir,p)] = readFileSync(p,'utf8'); } };
walk(dir);
const box = { run: async (o: any) => { const t = mkdtempSync('/tmp/p2/py-'); for (const [k,v] of Object.entries(o.tree)) writeFileSync(join(t,k), v as string); try { return { reason: 'ok', exitCode: 0, stdout: execFileSync('/usr/bin/python3', o.argv.slice(1), {cwd: t, input: o.stdin, maxBuffer: 1e9}).toString(), stderr: '', ms: 0 }; } catch (e: any) { console.log(e.stderr?.toString()); return {reason:'exit', exitCode:1, stdout:'', stderr: String(e.stderr), ms: 0}; } } };
const py = createPython({ box: async () => box as any });
const paths = Object.keys(files).filter(p => !/test/.test(p));
if (process.argv[5] === 'stubs') { for (const [p,t] of Object.entries(await py.stubsOf(files, paths, 'wrong'))) console.log('=====',p,'\n'+t); }
else { const t = Date.now(); const m = await py.mutants({ files, paths, seed, count, lines: {} }); console.log(m.length, Date.now()-t);
for (const x of m) { const a = files[x.path]!.split('\n'), b = x.text.split('\n'); console.log(`\n${x.path}:${x.line} ${x.inside} [${x.operator}]\n   - ${a[x.line-1]?.trim()}\n   + ${b[x.line-1]?.trim()}\n   ${x.behaviour}`); } }
