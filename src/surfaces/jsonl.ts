import { PLAIN } from '../core/sanitise.ts';
import type { Out, Surface } from './surface.ts';

/** `--json`: every event as one line, then the result as the last. Signals are left out: they are not part of the run's record. */
export function createJsonl(out: Out): Surface {
  const line = (value: unknown) => out.write(`${escapeControls(JSON.stringify(value))}\n`);
  return {
    event: (event) => line(event),
    signal: () => undefined,
    finish: (result) => line(result),
    close: async () => undefined,
  };
}

/** JSON escapes C0 controls by itself; C1 controls and what is invisible would reach a terminal. Still the same JSON value. */
export function escapeControls(json: string): string {
  if (PLAIN.test(json)) return json;
  return json.replace(/[\u007f-\u009f\p{DI}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) =>
    Array.from({ length: c.length }, (_, i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  );
}
