// What a tool call is answered.
import { oneLine } from '../../../core/prompt-text.ts';
import type { Desk } from './desk.ts';

export interface Said {
  readonly text: string;
  readonly isError?: boolean;
}

export const wrong = (text: string): Said => ({ text, isError: true });

/** Why a file cannot be shown: it is not there, and where files of that name are; or it is no text. */
export function noFile(path: string, desk: Pick<Desk, 'has' | 'paths'>): string {
  if (desk.has(path)) return `${oneLine(path, 200)} is no UTF-8 text, or larger than 1 MB`;
  const name = path.split('/').at(-1) ?? path;
  const near = desk.paths().filter((p) => p.endsWith(`/${name}`) || p === name);
  const inside = near.length > 0 ? near : desk.paths().filter((p) => p.startsWith(`${path.replace(/\/$/, '')}/`));
  return `there is no file ${oneLine(path, 200)}${inside.length > 0 ? `; there is ${inside.slice(0, 12).join(', ')}` : ''}`;
}
