// The one family of errors. Expected ends of a run are outcomes, not errors.

/** Stable codes; the first part names who has to act. */
export type ErrorCode =
  | 'usage'
  | 'config'
  | 'target'
  | 'journal'
  | 'locked'
  | 'box.none'
  | 'box.failed'
  | 'model.auth'
  | 'model.unknown'
  | 'model.unreachable'
  | 'model.rejected'
  | 'model.limit'
  | 'model.context'
  | 'model.bad-reply'
  | 'tape.missing'
  | 'tape.differs'
  | 'install'
  | 'git'
  | 'language'
  | 'runner'
  | 'internal';

/** An error with a sentence for people, a stable code, and whether trying again may help. */
export class RedgreenError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  /** Milliseconds that a server asked us to wait before the next try. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; retryable?: boolean; retryAfterMs?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RedgreenError';
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Wraps anything thrown as a RedgreenError; one that is already is returned as it is. */
export function asError(thrown: unknown, code: ErrorCode = 'internal'): RedgreenError {
  if (thrown instanceof RedgreenError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new RedgreenError(code, message, { cause: thrown });
}
