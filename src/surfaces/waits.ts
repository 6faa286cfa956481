import type { Event } from '../core/events.ts';

/** The last wait that was told. */
export interface Wait {
  readonly reason: string;
  /** When it is over, in milliseconds since the epoch. */
  readonly until: number;
}

export const noWait: Wait = { reason: '', until: 0 };

/** Files are asked for in parallel, so that one busy server makes many wait at once: that is told once. */
export function afterWait(last: Wait, event: Event): { readonly isNew: boolean; readonly wait: Wait } {
  if (event.type !== 'waiting') return { isNew: true, wait: last };
  if (event.reason === last.reason && event.at < last.until) return { isNew: false, wait: last };
  return { isNew: true, wait: { reason: event.reason, until: event.at + event.ms } };
}
