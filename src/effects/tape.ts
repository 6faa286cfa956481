// A tape as a model: recorded while a real one answers, played back instead of it.
import { RedgreenError } from '../core/errors.ts';
import type { ModelReply, ModelRequest } from '../core/model.ts';
import type { AskOptions, Provider } from '../core/ports.ts';
import { pause } from './models/retry.ts';
import { digestOf, firstDifference, keyOf, passages } from './tape-digest.ts';
import { openTape, readTape, type Tape, type TapedCall, type TapeWriter } from './tape-file.ts';

export { digest } from './tape-digest.ts';

export interface RecordOptions {
  /** Values that are replaced by `[redacted]` before anything is written. */
  readonly secrets?: readonly string[];
  /** For the first line of a new tape. */
  readonly meta?: Readonly<Record<string, unknown>>;
}

export interface Recorder extends Provider {
  /** Closes the file. */
  close(): void;
}

/**
 * A provider that looks into the tape at `path` first: a call with the same step key and digest is answered from there, so that a
 * resumed run never pays twice. Otherwise it asks `provider`, and returns when the answer is on disk. The file is opened at the
 * first `ask`; a torn last line is cut off.
 */
export function recordTo(path: string, provider: Provider, options: RecordOptions = {}): Recorder {
  const clean = cleaner(options.secrets ?? []);
  let writer: (TapeWriter & { readonly tape: Tape }) | null = null;
  const known = new Map<string, TapedCall>();
  const keep = (call: TapedCall) => known.set(`${call.key}\n${call.digest}`, call);
  const open = () => {
    if (writer === null) {
      writer = openTape(path, options.meta ?? {}, clean);
      writer.tape.calls.forEach(keep);
    }
    return writer;
  };
  const taped = (request: ModelRequest) => known.get(`${keyOf(request)}\n${digestOf(passages(request, clean))}`);
  return {
    name: provider.name,
    worstCase(request, characters) {
      open();
      return taped(request) ? 0 : provider.worstCase(request, characters);
    },
    async ask(request, ask) {
      open();
      const before = taped(request);
      if (before) {
        if (before.reply.text !== '') ask.onDelta?.(before.reply.text);
        return before.reply;
      }
      const reply = await provider.ask(request, ask);
      keep(open().append(request, reply));
      return reply;
    },
    close() {
      writer?.close();
      writer = null;
      known.clear();
    },
  };
}

export interface ReplayOptions {
  /** True: a request that differs from the recorded one is an error (`tape.differs`). False: it is answered all the same. */
  readonly strict: boolean;
  /** Called with the step key and the first difference, when not strict. */
  readonly onDiffer?: (key: string, difference: string) => void;
  /** Characters a second at which the reply is streamed; 0 (the default) gives it at once. */
  readonly pace?: number;
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

const TICK_MS = 40;

/**
 * A provider that answers from the tape at `path` alone, without any network. Of several calls with one key the one with the same
 * digest answers, else the last. Throws `RedgreenError('tape.missing')` for a step that was not recorded.
 */
export function replayFrom(path: string, options: ReplayOptions): Provider {
  let calls: ReadonlyMap<string, readonly TapedCall[]> | null = null;
  const load = () => Map.groupBy(readTape(path).calls, (call) => call.key);
  return {
    name: 'tape',
    worstCase: () => 0,
    async ask(request, ask) {
      calls ??= load();
      const { reply } = choose(calls, request, options);
      await play(reply, options, ask);
      return reply;
    },
  };
}

function choose(calls: ReadonlyMap<string, readonly TapedCall[]>, request: ModelRequest, { strict, onDiffer }: ReplayOptions): TapedCall {
  const key = keyOf(request);
  const candidates = calls.get(key) ?? [];
  const last = candidates.at(-1);
  if (last === undefined) throw new RedgreenError('tape.missing', `The tape has no answer for the step ${key}.`);
  const said = passages(request);
  const own = digestOf(said);
  const same = candidates.find((call) => call.digest === own);
  if (same) return same;
  const difference = firstDifference(last.request, said) ?? 'the digest was made by another version';
  if (strict) throw new RedgreenError('tape.differs', `The request of the step ${key} is not the recorded one. ${difference}.`);
  onDiffer?.(key, difference);
  return last;
}

async function play({ text }: ModelReply, { pace = 0, sleep = pause }: ReplayOptions, { onDelta, signal }: AskOptions): Promise<void> {
  const size = pace > 0 ? Math.max(1, Math.round((pace * TICK_MS) / 1000)) : text.length;
  for (let at = 0; at < text.length; at += size) {
    if (pace > 0) await sleep(TICK_MS, signal);
    if (signal?.aborted) throw new RedgreenError('model.unreachable', 'The request was stopped.', { cause: signal.reason });
    onDelta?.(text.slice(at, at + size));
  }
}

/** Replaces secret values, also in the form that they have within JSON. */
function cleaner(secrets: readonly string[]): (text: string) => string {
  const values = secrets.filter((secret) => secret.length >= 4).flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  return (text) => [...new Set(values)].reduce((clean, value) => clean.replaceAll(value, '[redacted]'), text);
}
