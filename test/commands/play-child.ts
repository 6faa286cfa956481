// A process with a run in it, for play.test.ts: the first argument says what the run does, the others are flags.
import { play } from '../../src/commands/play.ts';
import { loadConfig } from '../../src/config.ts';
import { RedgreenError } from '../../src/core/errors.ts';
import type { Surface } from '../../src/surfaces/surface.ts';
import { closing, play as events, middle, opening } from '../surfaces/events.ts';

const [what = '', ...names] = process.argv.slice(2);
const flags = Object.fromEntries(names.map((name) => [name, true]));
const config = await loadConfig({ flags: {}, env: {}, project: '/nowhere', configDir: '/nowhere' });
const context = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: {},
  cwd: '/',
  dirs: { config: '/nowhere', cache: '/nowhere', state: '/nowhere' },
  now: Date.now,
  quit: (code: number) => process.exit(code),
};

async function begin(surface: Surface, signal: AbortSignal) {
  if (what === 'throw-before') throw new RedgreenError('model.auth', 'The key was refused.');
  for (const { event, state } of events([...opening, ...middle])) surface.event(event, state);
  if (what === 'crash')
    setTimeout(() => {
      throw new Error('a bug');
    }, 300);
  if (what === 'throw-within') throw new Error('boom');
  if (what === 'fail') return { outcome: 'failed', reason: 'the key was refused', code: 'model.auth', branch: null, commit: null } as const;
  if (what === 'wait' || what === 'stuck' || what === 'chatty' || what === 'crash') {
    const last = events([...opening, ...middle]).at(-1);
    const wait = setInterval(() => what === 'chatty' && last && surface.event({ ...last.event, type: 'note', text: 'on' }, last.state), 20);
    await new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => (what === 'stuck' || what === 'crash' ? undefined : resolve())),
    );
    clearInterval(wait);
    return { outcome: 'interrupted', reason: 'stopped by the user', code: null, branch: null, commit: null } as const;
  }
  const all = events([...opening, ...middle, ...closing]);
  for (const { event, state } of all.slice(opening.length + middle.length)) surface.event(event, state);
  return { outcome: 'green', reason: 'proven', code: null, branch: 'redgreen/wordcount', commit: '3'.repeat(40) } as const;
}

process.exitCode = await play(context, config, flags, begin);
