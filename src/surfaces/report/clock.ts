// The timeline's scale: the run's own time, in which pauses and the time between a stop and a resume are narrow.
import type { Break } from './story-spans.ts';

export interface Tick {
  /** From 0 to 1. */
  readonly at: number;
  readonly label: string;
}

export interface Scale {
  /** Where a moment (milliseconds since the epoch) lies, from 0 to 1. */
  at(moment: number): number;
  readonly ticks: readonly Tick[];
  readonly breaks: readonly { readonly from: number; readonly to: number; readonly kind: Break['kind']; readonly ms: number }[];
  /** Milliseconds without the breaks. */
  readonly worked: number;
}

/** A break is drawn as long as it was, but at most as this part of the worked time. */
const BREAK = 0.04;
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400].map((s) => s * 1000);
const MOST_TICKS = 6;

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly kind: Break['kind'] | null;
  /** Where it begins on the scale and how long it is there, in milliseconds of drawn time. */
  readonly start: number;
  readonly length: number;
}

export function scaleOf(from: number, to: number, breaks: readonly Break[]): Scale {
  const idle = disjoint(breaks, from, to);
  const worked = Math.max(1, to - from - idle.reduce((sum, b) => sum + b.to - b.from, 0));
  const pieces = piecesOf(from, Math.max(to, from + 1), idle, worked);
  const last = pieces.at(-1);
  const total = last ? last.start + last.length : 1;
  const at = (moment: number) => {
    const piece = pieces.findLast((p) => p.from <= moment) ?? pieces[0];
    if (!piece) return 0;
    const part = Math.min(1, Math.max(0, (moment - piece.from) / Math.max(1, piece.to - piece.from)));
    return (piece.start + part * piece.length) / total;
  };
  const shown = pieces.flatMap((p) =>
    p.kind === null ? [] : [{ kind: p.kind, from: p.start / total, to: (p.start + p.length) / total, ms: p.to - p.from }],
  );
  return { at, ticks: ticksOf(pieces, worked, at), breaks: shown, worked };
}

/** In order, without overlaps, inside the run. */
function disjoint(breaks: readonly Break[], from: number, to: number): readonly Break[] {
  const out: Break[] = [];
  let free = from;
  for (const one of [...breaks].sort((a, b) => a.from - b.from)) {
    const [begin, end] = [Math.max(free, one.from), Math.min(to, one.to)];
    if (end <= begin) continue;
    out.push({ kind: one.kind, from: begin, to: end });
    free = end;
  }
  return out;
}

function piecesOf(from: number, to: number, idle: readonly Break[], worked: number): readonly Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  const add = (begin: number, end: number, kind: Piece['kind'], length: number) => {
    if (end <= begin) return;
    pieces.push({ from: begin, to: end, kind, start, length });
    start += length;
  };
  let at = from;
  for (const one of idle) {
    add(at, one.from, null, one.from - at);
    add(one.from, one.to, one.kind, Math.min(one.to - one.from, worked * BREAK));
    at = one.to;
  }
  add(at, to, null, to - at);
  return pieces;
}

function ticksOf(pieces: readonly Piece[], worked: number, at: (moment: number) => number): readonly Tick[] {
  const step = STEPS.find((s) => worked / s <= MOST_TICKS) ?? Math.ceil(worked / MOST_TICKS / 86_400_000) * 86_400_000;
  const ticks: Tick[] = [];
  let done = 0;
  let next = 0;
  for (const { from, to, kind } of pieces) {
    if (kind !== null) continue;
    for (; next <= done + to - from; next += step) ticks.push({ at: at(from + next - done), label: clockTime(next) });
    done += to - from;
  }
  return ticks;
}

/** `0.5 s`, `12 s`, `1:05`, `2:03:00`. */
export function clockTime(ms: number): string {
  const s = ms / 1000;
  if (s < 60) return `${Number(s.toFixed(1))} s`;
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  return s < 3600 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two((s % 3600) / 60)}:${two(s % 60)}`;
}
