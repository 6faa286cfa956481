// The live screen for a person at a terminal, made from the settings.
import type { Config } from '../config.ts';
import type { Hooks } from '../surfaces/live/bridge.ts';
import type { Live } from '../surfaces/live/live.tsx';
import { type Context, wantsColor } from './context.ts';

/** Milliseconds for which a plan is shown before it is approved by itself. */
const PLAN_MS = 10_000;

/** Whether somebody sits at a terminal that can show the live screen. */
export function isPerson({ stdout, stdin, env }: Context): boolean {
  return stdout.isTTY === true && stdin.isTTY === true && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === '';
}

export interface Wanted {
  readonly context: Context;
  readonly config: Config;
  readonly hooks: Hooks;
  readonly session: boolean;
  readonly interrupt: () => void;
}

/** Opens the live screen. ink and React are loaded here and nowhere else. */
export async function openLive({ context, config, hooks, session, interrupt }: Wanted): Promise<Live> {
  const { stdout, stdin, env, now } = context;
  const [{ createLive }, { symbolsFor }] = await Promise.all([
    import('../surfaces/live/live.tsx'),
    import('../surfaces/live/paint/symbols.ts'),
  ]);
  const { approve, screenReader } = config.values;
  const painting = { color: wantsColor(config, stdout, env), symbols: symbolsFor(env, process.platform), reader: screenReader };
  // All do but xterm itself and the Linux console.
  const reflows = !(env['XTERM_VERSION'] && env['TERM']?.startsWith('xterm')) && env['TERM'] !== 'linux';
  return createLive({ stdout, stdin, painting, reflows, now, interrupt, hooks, session, planMs: session && !approve ? PLAN_MS : null });
}
