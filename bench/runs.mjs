// A whole run against a scripted model, and what its events say.
import { spawn } from 'node:child_process';
import { scripted } from '../test/e2e/scripted.ts';
import { cleanEnv, REDGREEN } from './measure.mjs';

/**
 * Runs `redgreen --json --dir DIR TASK` (with more `args`) against the model that `script` is. `onStart` gets the process id, `onEvent` each event and a function that
 * ends the run. Gives the events, what the server was asked, and the wall time in milliseconds; throws when `outcome` is not how it ended.
 */
export async function wholeRun({ dir, home, task, script, args = [], outcome = 'green', onStart = () => {}, onEvent = () => {} }) {
  const server = await scripted(script);
  const started = performance.now();
  const env = cleanEnv(home, { OPENAI_BASE_URL: server.url });
  const child = spawn(REDGREEN, ['--json', '--model', 'local/scripted-1', '--dir', dir, ...args, task], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onStart(child.pid);
  const events = [];
  let rest = '';
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  child.stdout.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = JSON.parse(line);
      events.push(event);
      onEvent(event, () => child.kill('SIGINT'));
    }
  });
  await new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  await server.close();
  const wall = performance.now() - started;
  const result = events.at(-1);
  if (result?.type !== 'result' || result.outcome !== outcome) {
    throw new Error(`the run should have ended ${outcome}: ${result?.outcome ?? 'no result'}, ${result?.reason ?? complaints}`);
  }
  return { events, asked: server.asked, wall };
}

/** For each command that ended: its `started` event, the event that ended it, and the milliseconds between. */
export function commands(events) {
  const open = new Map();
  const done = [];
  for (const event of events) {
    if (event.type === 'started') open.set(event.id, event);
    else if (open.has(event.id)) {
      const started = open.get(event.id);
      open.delete(event.id);
      done.push({ started, ended: event, ms: event.at - started.at });
    }
  }
  return done;
}
