// podman and docker as programs: what they can do here, which image there is, and how containers end.
import { execFile, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { homedir } from 'node:os';
import { promisify } from 'node:util';
import { isAbandoned, ownerTag } from './owner.ts';
import { BoxError } from './policy.ts';

const exec = promisify(execFile);

export type Dialect = 'podman' | 'docker';

export interface Engine {
  readonly dialect: Dialect;
  /** Full path. */
  readonly program: string;
  /** Words before every command: which runtime, which socket. */
  readonly global: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What an engine says of itself. */
export interface EngineFacts {
  /** Everything of the engine runs without root, in a user namespace. */
  readonly rootless: boolean;
  /** It can cap memory and processes. */
  readonly caps: boolean;
  /** Its runtime cannot work with this machine's cgroups, but runc could. */
  readonly wantsRunc: boolean;
  /** Why it cannot be used at all; null when it can. */
  readonly obstacle: string | null;
}

/** Names of our containers begin with this and our owner's tag; the label has the tag alone. */
const PREFIX = 'redgreen-';
const LABEL = 'redgreen.owner';

/** A fresh name. */
export function containerName(): string {
  return `${PREFIX}${ownerTag()}-${randomBytes(6).toString('hex')}`;
}

/** `--label` of our containers. */
export function ownLabel(): string {
  return `${LABEL}=${ownerTag()}`;
}

const CALL_MS = 30_000;

/** An engine with an environment built from nothing, so that neither `containers.conf` nor `~/.docker` adds to a box. */
export function engineOf(dialect: Dialect, program: string, configFolder: string): Engine {
  const uid = process.getuid?.() ?? 0;
  const runtime = `/run/user/${uid}`;
  const session = existsSync(`${runtime}/bus`) ? { DBUS_SESSION_BUS_ADDRESS: `unix:path=${runtime}/bus` } : {};
  const own = existsSync(runtime) && uid !== 0 ? { XDG_RUNTIME_DIR: runtime, ...session } : {};
  const env = { PATH: '/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin', HOME: homedir(), ...own };
  if (dialect === 'podman') return { dialect, program, global: [], env: { ...env, CONTAINERS_CONF: `${configFolder}/containers.conf` } };
  const socket = [`${runtime}/docker.sock`, '/var/run/docker.sock'].find((path) => existsSync(path)) ?? '/var/run/docker.sock';
  return { dialect, program, global: ['--config', configFolder, '--host', `unix://${socket}`], env };
}

/** Asks the engine what it is. */
export function readFacts(engine: Engine): EngineFacts {
  const asked = call(engine, ['info', '--format', '{{json .}}']);
  if (!asked.ok) return { rootless: false, caps: false, wantsRunc: false, obstacle: `it does not answer: ${asked.said}` };
  return engine.dialect === 'podman' ? podmanFacts(JSON.parse(asked.out)) : dockerFacts(JSON.parse(asked.out));
}

interface PodmanInfo {
  readonly host: {
    readonly cgroupControllers: readonly string[] | null;
    readonly cgroupVersion: string;
    readonly ociRuntime: { readonly name: string };
    readonly security: { readonly rootless: boolean; readonly seccompEnabled: boolean };
    readonly serviceIsRemote: boolean;
  };
}

function podmanFacts({ host }: PodmanInfo): EngineFacts {
  const has = (controller: string) => host.cgroupControllers?.includes(controller) ?? false;
  const rootless = host.security.rootless;
  return {
    rootless,
    caps: has('memory') && has('pids') && !(rootless && host.cgroupVersion === 'v1'),
    wantsRunc: host.cgroupVersion === 'v1' && host.ociRuntime.name === 'crun',
    obstacle: host.serviceIsRemote ? 'it works on another machine' : host.security.seccompEnabled ? null : 'it was built without seccomp',
  };
}

interface DockerInfo {
  readonly ServerVersion?: string;
  readonly ServerErrors?: readonly string[];
  readonly SecurityOptions?: readonly string[];
  readonly MemoryLimit?: boolean;
  readonly PidsLimit?: boolean;
  readonly OperatingSystem?: string;
}

function dockerFacts(info: DockerInfo): EngineFacts {
  const has = (option: string) => info.SecurityOptions?.some((text) => text.startsWith(`name=${option}`)) ?? false;
  const obstacle = () => {
    if (!info.ServerVersion)
      return `it does not answer: ${info.ServerErrors?.join('; ') ?? 'this is not docker (podman behind its name?)'}`;
    if (info.OperatingSystem?.includes('Docker Desktop'))
      return 'Docker Desktop runs in a virtual machine that does not see redgreen’s folders';
    if (has('userns')) return 'its daemon maps user ids (userns-remap), so boxes could not read their files';
    return has('seccomp') ? null : 'it was built without seccomp';
  };
  return { rootless: has('rootless'), caps: info.MemoryLimit === true && info.PidsLimit === true, wantsRunc: false, obstacle: obstacle() };
}

/** The id of an image, or null when it is not there. */
export function imageId(engine: Engine, name: string): string | null {
  const asked = call(engine, ['image', 'inspect', '--format', '{{.Id}}', name]);
  return asked.ok ? asked.out.trim() : null;
}

/** How a container's first program ended. `began` is false when it never ran. */
export interface ContainerEnd {
  readonly began: boolean;
  readonly outOfMemory: boolean;
}

export async function readEnd(engine: Engine, name: string): Promise<ContainerEnd> {
  const format = '{{.State.StartedAt.Unix}} {{.State.OOMKilled}}';
  const asked = await callLater(engine, ['container', 'inspect', '--format', engine.dialect === 'podman' ? format : DOCKER_END, name]);
  const [started = '', killed = ''] = asked.out.trim().split(' ');
  return { began: asked.ok && !started.startsWith('-') && !started.startsWith('0001-'), outOfMemory: killed === 'true' };
}

const DOCKER_END = '{{.State.StartedAt}} {{.State.OOMKilled}}';

/** The id of a container's first process, asked for each time it is wanted and not known yet: docker writes it nowhere. */
export function askForPid(engine: Engine, name: string): () => number | null {
  let pid: number | null = null;
  let asking = false;
  return () => {
    if (pid === null && !asking) {
      asking = true;
      void callLater(engine, ['container', 'inspect', '--format', '{{.State.Pid}}', name]).then(({ out }) => {
        pid = Number(out) || null;
        asking = false;
      });
    }
    return pid;
  };
}

/** Kills and removes a container, and proves that it is gone. Throws `BoxError`. */
export async function removeContainer(engine: Engine, name: string): Promise<void> {
  const removed = await callLater(engine, removal(engine, [name]));
  if (removed.ok) return;
  const still = await callLater(engine, ['container', 'inspect', '--format', '{{.Id}}', name]);
  if (still.ok || !/no such/i.test(still.said)) throw new BoxError(`the container ${name} could not be removed: ${removed.said}`);
}

function removal({ dialect }: Engine, names: readonly string[]): string[] {
  return ['rm', '--force', '--volumes', ...(dialect === 'podman' ? ['--time', '0', '--ignore'] : []), ...names];
}

/** Removes containers that dead processes of ours left. */
export function sweepContainers(engine: Engine): void {
  const listed = call(engine, ['ps', '--all', '--filter', `label=${LABEL}`, '--format', '{{.Names}}']);
  const dead = listed.out.split('\n').filter((name) => isAbandoned(name, PREFIX, ''));
  if (dead.length > 0) call(engine, removal(engine, dead));
}

/**
 * Starts a process that outlives us for as long as it takes to remove our containers. It waits for the end of a pipe
 * that only we hold open, so it also works when we are killed. Returns what ends it when there is nothing left to remove.
 */
export function leash(engine: Engine): () => void {
  const script = `read -r _; for n in 1 2 3 4 5; do ids=$("$@" ps --all --quiet --filter label=${ownLabel()}); [ -z "$ids" ] || "$@" ${removal(engine, []).join(' ')} $ids; sleep 1; done`;
  const argv = ['-c', script, 'sh', engine.program, ...engine.global];
  const child = spawn('/bin/sh', argv, { cwd: '/', env: engine.env, stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  (child.stdin as Socket).unref();
  return () => void child.kill('SIGKILL');
}

interface Answer {
  readonly ok: boolean;
  readonly out: string;
  /** The last line of what went wrong. */
  readonly said: string;
}

function call(engine: Engine, args: readonly string[]): Answer {
  const result = spawnSync(engine.program, [...engine.global, ...args], { cwd: '/', env: engine.env, encoding: 'utf8', timeout: CALL_MS });
  return { ok: result.status === 0, out: result.stdout ?? '', said: lastLine(result.stderr || result.error?.message) };
}

async function callLater(engine: Engine, args: readonly string[]): Promise<Answer> {
  try {
    const { stdout } = await exec(engine.program, [...engine.global, ...args], { cwd: '/', env: engine.env, timeout: CALL_MS });
    return { ok: true, out: stdout, said: '' };
  } catch (error) {
    const failed = error as Error & { stdout?: string; stderr?: string };
    return { ok: false, out: failed.stdout ?? '', said: lastLine(failed.stderr || failed.message) };
  }
}

function lastLine(text: string | undefined): string {
  return text?.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
}
