// The memory of the live screen over a thousand rounds: heap after a collection, and what the process has of the machine.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundle } from '../test/bundle.ts';
import { cleanEnv, tempFolder } from './measure.mjs';

/** A row for each of the rounds 100, 500 and 1,000. */
export async function memoryOverRounds() {
  const temp = tempFolder();
  const script = await bundle(fileURLToPath(new URL('./screen-rounds.ts', import.meta.url)), temp.at('bundle'));
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
