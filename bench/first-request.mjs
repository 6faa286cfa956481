// Starts a run and looks at it at the moment when its first request reaches the model.
import { spawn } from 'node:child_process';
import { scripted } from '../test/e2e/scripted.ts';
import { cleanEnv, REDGREEN } from './measure.mjs';
import { cpuOf, tree } from './processes.mjs';

const NEVER = { afterMs: 2 ** 31 - 1 };

/** Runs to its end against a model that refuses: what a first use leaves behind (the compile cache) is there for the next. */
export async function refusedRun({ dir, home, argv = [REDGREEN] }) {
  const server = await scripted(() => ({ status: 401 }));
  const env = cleanEnv(home, { OPENAI_BASE_URL: server.url });
  const child = spawn(argv[0], [...argv.slice(1), ...args(dir)], { env, stdio: 'ignore' });
  await new Promise((done) => child.on('close', done));
  await server.close();
}

const args = (dir) => ['--plain', '--model', 'local/scripted-1', '--dir', dir, 'A tool that counts words.'];

/**
 * Runs `redgreen --plain --dir DIR "…"` against a model that never answers. Resolves, when the first request arrives, to milliseconds since the start:
 * `wall`, `cpu` of the whole tree, `own` of the harness process alone. The run is then killed.
 */
export async function untilFirstRequest({ dir, home, env = {}, argv = [REDGREEN] }) {
  let arrived = () => {};
  const arrival = new Promise((done) => {
    arrived = done;
  });
  let pid = 0;
  let started = 0;
  const server = await scripted(() => {
    const wall = performance.now() - started;
    stop([pid], 'SIGSTOP');
    const { all, own } = cpuOf(pid);
    arrived({ wall, cpu: all, own });
    return NEVER;
  });
  started = performance.now();
  const child = spawn(argv[0], [...argv.slice(1), ...args(dir)], {
    env: cleanEnv(home, { OPENAI_BASE_URL: server.url, ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  pid = child.pid;
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const ended = new Promise((done) => child.on('close', (code) => done({ code })));
  const first = await Promise.race([arrival, ended]);
  stop(tree(pid), 'SIGKILL');
  await ended;
  await server.close();
  if ('code' in first) throw new Error(`redgreen ended with ${first.code} before it asked a model:\n${said}`);
  return first;
}

function stop(pids, signal) {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It is gone already.
    }
  }
}
