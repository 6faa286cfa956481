import { spawn } from 'node:child_process';

/** Milliseconds after which an opener that has not failed counts as having worked. */
const PATIENCE = 3_000;

/** Opens a file with the system's opener, without a shell. Gives why it could not, in words, or null. */
export function openFile(path: string, env: Readonly<Record<string, string | undefined>>): Promise<string | null> {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  return new Promise((done) => {
    const child = spawn(opener, [path], { detached: true, stdio: 'ignore', env: { ...env } });
    const timer = setTimeout(() => finish(null), PATIENCE);
    const finish = (problem: string | null) => {
      clearTimeout(timer);
      child.unref();
      done(problem);
    };
    child.once('error', () => finish(`There is no ${opener} on this machine`));
    child.once('exit', (code) => finish(code === 0 ? null : `${opener} could not show the report`));
  });
}
