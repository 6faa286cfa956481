// What a box may see, touch and use: plain data.

/** A host path (file or folder) and where it appears inside the box. Sources are resolved through symbolic links first. */
export interface Mount {
  readonly source: string;
  readonly target: string;
}

/** Caps of one run. Sizes are bytes. */
export interface Limits {
  /** Wall time in milliseconds; then the whole process tree is killed. */
  readonly wallMs: number;
  /** Kept of each of stdout and stderr: half from the start, half from the end. */
  readonly keepBytes: number;
  /** Written to stdout and stderr together before the run is killed. */
  readonly outputBytes: number;
  /** Processes and threads. */
  readonly processes: number;
  readonly openFiles: number;
  readonly fileBytes: number;
  /** CPU time of one process, in seconds. */
  readonly cpuSeconds: number;
  /** Processors' worth of CPU time that the whole tree gets; only with a control group. */
  readonly processors: number;
  /**
   * Memory of the whole tree. With a control group the kernel's count, files in memory and swap included; else resident memory,
   * measured five times a second. (RLIMIT_AS is never used: it breaks WebAssembly in Node.)
   */
  readonly memoryBytes: number;
  /** Size of /tmp inside. */
  readonly tmpBytes: number;
  /** Size of each writable mount. */
  readonly folderBytes: number;
  /** Files and folders in each writable mount and in each folder in memory. */
  readonly folderEntries: number;
}

/** The only way out of an install box: CONNECT to exactly these targets. */
export interface DoorPolicy {
  /** `host:port`, compared exactly. */
  readonly targets: readonly string[];
  /** Allow targets that resolve to loopback, private or link-local addresses (a registry inside a company). Default false. */
  readonly allowPrivate?: boolean;
  /** Sum of both directions. Default 2 GiB. */
  readonly maxBytes?: number;
  /** At the same time. Default 64. */
  readonly maxConnections?: number;
}

export interface Policy {
  /** Read-only, besides the system's own programs and libraries. */
  readonly read: readonly Mount[];
  /** Writable; what is written there stays on the host. */
  readonly write: readonly Mount[];
  /** A folder to copy into an own, writable, in-memory folder before the command starts; nothing comes back. */
  readonly copy?: { readonly source: string; readonly target: string; readonly bytes: number };
  /** Folders inside that exist there already (in a mount): each is covered by an empty, writable one in memory. */
  readonly scratch?: readonly string[];
  /** Symbolic links to make: target path inside, and what it points to. */
  readonly links?: readonly { readonly target: string; readonly to: string }[];
  /** The whole environment of the command. */
  readonly env: Readonly<Record<string, string>>;
  readonly network: 'none' | { readonly door: DoorPolicy };
  readonly limits?: Partial<Limits>;
}

/** Where the door's socket is inside a box with a door. */
export const DOOR_SOCKET = '/redgreen/door/socket';

export interface RunOptions {
  /** Working folder inside the box. Default `/tmp`. */
  readonly cwd?: string;
  /** Given on standard input; without it standard input is empty. */
  readonly stdin?: string;
  /** Wall time in milliseconds, when shorter than the policy's. */
  readonly timeoutMs?: number;
  /** Aborting kills the tree; the result's reason is then `aborted`. */
  readonly signal?: AbortSignal;
}

/**
 * Why a run ended. `ok`: exit code 0; `exit`: another exit code; `signal`: killed by a signal of its own; `aborted`: by us, because
 * the caller asked; `denied`: killed for a forbidden system call; the rest name the limit that was reached, whatever the exit code.
 */
export type RunReason = 'ok' | 'exit' | 'signal' | 'aborted' | 'time' | 'memory' | 'pids' | 'output' | 'disk' | 'denied';

/** What a run used, its launcher included. */
export interface Usage {
  readonly cpuMs: number;
  readonly peakBytes: number;
  /** Processes and threads at the same time. */
  readonly peakProcesses: number;
  /** Counted by the kernel; false: seen five times a second, so possibly more. */
  readonly exact: boolean;
}

export interface RunResult {
  readonly reason: RunReason;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Head and tail, with a line in between that says how much was left out. */
  readonly stdout: string;
  readonly stderr: string;
  /** Wall time in milliseconds. */
  readonly ms: number;
  readonly usage: Usage;
}

const MiB = 1024 * 1024;

/** Default limits on a machine with `cpus` processors (test runners start a process for each). */
export function defaultLimits(cpus: number): Limits {
  return {
    wallMs: 120_000,
    keepBytes: MiB,
    outputBytes: 16 * MiB,
    processes: Math.max(512, 32 * cpus),
    openFiles: 1024,
    fileBytes: 256 * MiB,
    cpuSeconds: 300,
    processors: 2,
    memoryBytes: 2048 * MiB,
    tmpBytes: 256 * MiB,
    folderBytes: 1024 * MiB,
    folderEntries: 200_000,
  };
}

/** The box itself could not be made or could not be proven dead; the command's own failure is never this. */
export class BoxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BoxError';
  }
}
