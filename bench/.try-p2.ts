import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { makeMutants } from '/work/main/src/effects/languages/typescript/mutants.ts';
const dir = process.argv[2] ?? '/tmp/p2/demo', count = Number(process.argv[3] ?? 40), seed = Number(process.argv[4] ?? 1);
const files: Record<string,string> = {};
const walk = (d: string) => { for (const n of readdirSync(d)) { if (n==='node_modules'||n.startsWith('.')) continue; const p=join(d,n); if (statSync(p).isDirectory()) walk(p); else if (/\.([cm]?[jt]s|json)$/.test(n)) files[relative(dir,p)] = readFileSync(p,'utf8'); } };
walk(dir);
const paths = Object.keys(files).filter(p=>/\.[cm]?[jt]s$/.test(p) && !/test/.test(p));
const t = Date.now();
const m = makeMutants({lines:{},files, paths, seed, count});
console.log(m.length, Date.now()-t, 'ms', process.resourceUsage().maxRSS/1024|0,'MB');
for (const x of m) { const a = files[x.path]!.split('\n'), b = x.text.split('\n'); console.log(`\n${x.path}:${x.line} ${x.inside} [${x.operator}]\n   - ${a[x.line-1]?.trim()}\n   + ${b[x.line-1]?.trim()}\n   ${x.behaviour}`); }
