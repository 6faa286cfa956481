import { scripted } from '../test/e2e/scripted.ts';
import { romanModel, TASK } from '../test/e2e/roman.ts';
import { redgreen, workbench } from '../test/e2e/redgreen.ts';
const server = await scripted((a) => a.subject === 'test/strength.test.ts' ? { text: '<none>x</none>' } : romanModel(a));
const { dir, home, remove } = workbench();
const ran = await redgreen(['--plain', '--dir', 'roman', TASK], { cwd: dir, home, env: { OPENAI_BASE_URL: server.url, REDGREEN_MUTANTS: process.argv[2] ?? '30', REDGREEN_MUTATION_TIME: '5m' } });
console.log(ran.stdout, ran.stderr);
console.log(server.asked.find(a=>a.subject==='test/strength.test.ts')?.text.split('# Your file')[1]);
await server.close(); remove();
