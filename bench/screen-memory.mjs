// The memory of the live screen over a thousand rounds: heap after a collection, and what the process has of the machine.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { cleanEnv, tempFolder } from './measure.mjs';

/** A row for each of the rounds 100, 500 and 1,000. */
export async function memoryOverRounds() {
  const temp = tempFolder();
  const script = await bundled(temp.at('bundle'));
  const run = async (what) => {
    const options = { env: cleanEnv(temp.at('home')), maxBuffer: 2 ** 20 };
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script, what], options);
    return stdout.trim().split('\n').map(JSON.parse);
  };
  const withScreen = await run('screen');
  const bare = await run('bare');
  temp.clean();
  return withScreen.map((one, i) => [`round ${one.round}`, ...[one.heap, bare[i].heap, one.rss, bare[i].rss].map((n) => n.toFixed(1))]);
}

/** The script as one file: Node does not strip .tsx, and ink is faster as a release has it. */
async function bundled(dir) {
  const build = await rolldown({
    input: fileURLToPath(new URL('./screen-rounds.ts', import.meta.url)),
    platform: 'node',
    plugins: [
      {
        name: 'no-devtools',
        resolveId: (id) => (id === 'react-devtools-core' ? '\0none' : null),
        load: (id) => (id === '\0none' ? 'export default {};' : null),
      },
    ],
    transform: { define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' } },
    onLog: () => {},
  });
  await build.write({ dir, format: 'esm' });
  await build.close();
  return join(dir, 'screen-rounds.js');
}
