// The rungs podman and docker: a fresh container for each run.
import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Inside, LaunchPlan } from './bubblewrap.ts';
import { read } from './cgroup-files.ts';
import type { Container } from './container-argv.ts';
import { runArgv, SKELETON } from './container-argv.ts';
import type { Dialect, Engine } from './container-engine.ts';
import {
  askForPid,
  containerName,
  engineOf,
  imageId,
  leash,
  ownLabel,
  readEnd,
  readFacts,
  removeContainer,
  sweepContainers,
} from './container-engine.ts';
import { lookAt } from './container-look.ts';
import type { Op } from './mounts.ts';
import { BoxError } from './policy.ts';
import type { FilterArch } from './seccomp.ts';
import { ociProfile } from './seccomp-oci.ts';
import type { Staging } from './staging.ts';

/** The image that `sandbox/Containerfile` makes. */
export const DEFAULT_IMAGE = 'localhost/redgreen-box';

/** The command that makes `image`. */
export function buildCommand(dialect: Dialect, image: string): string {
  const places = ['./Containerfile', '../sandbox/Containerfile', '../../sandbox/Containerfile'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  return `${dialect} build -t ${image} - < ${places.find((path) => existsSync(path)) ?? 'sandbox/Containerfile'}`;
}

export interface ContainerRung {
  plan(inside: Inside): LaunchPlan;
  /** Its id. */
  readonly image: string;
  /** Namespaces that boxes share with us. */
  readonly shared: readonly string[];
  readonly unfiltered: readonly string[];
  close(): void;
}

/** Prepares the engine at `program`. Returns a sentence when it, or the image, cannot be used. */
export function makeContainer(dialect: Dialect, program: string, image: string, staging: Staging): ContainerRung | string {
  const config = staging.folder('engine');
  staging.write(join(config, 'containers.conf'), '');
  const plain = engineOf(dialect, program, config);
  const facts = readFacts(plain);
  if (facts.obstacle !== null) return `${dialect} cannot be used: ${facts.obstacle}`;
  if (!facts.caps)
    return `${dialect} cannot cap memory and processes here (without root it needs version 2 of control groups, delegated to you)`;
  const engine = facts.wantsRunc && hasRunc() ? { ...plain, global: [...plain.global, '--runtime', 'runc'] } : plain;
  const id = imageId(engine, image);
  if (id === null) return `${dialect} has no image ${image}`;
  sweepContainers(engine);
  const profile = join(config, 'seccomp.json');
  staging.write(profile, ociProfile(process.arch as FilterArch));
  const container: Container = {
    dialect,
    global: engine.global,
    image: id,
    profile,
    ...userOf(dialect, facts.rootless, staging),
    ceilings: ceilings(),
  };
  const release = leash(engine);
  return {
    image: id,
    plan: (inside) => planRun(engine, container, staging, inside),
    shared: facts.rootless ? [] : ['user'],
    unfiltered: UNFILTERED,
    close: release,
  };
}

/** Newer than the library (libseccomp) through which engines name system calls; it does nothing without a capability. */
const UNFILTERED = ['open_tree_attr'];

/** Root: an id that belongs to nobody. Others: their own id, which in a rootless docker is called 0. */
function userOf(dialect: Dialect, rootless: boolean, staging: Staging): Pick<Container, 'user' | 'userns'> {
  const own = staging.identity ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  if (dialect === 'podman') return { user: `${own.uid}:${own.gid}`, userns: rootless ? 'keep-id' : 'host' };
  return { user: rootless ? '0:0' : `${own.uid}:${own.gid}`, userns: null };
}

function hasRunc(): boolean {
  return ['/usr/sbin/runc', '/usr/bin/runc', '/usr/local/sbin/runc'].some((path) => existsSync(path));
}

/** Our own hard limits (proc(5), /proc/PID/limits). */
function ceilings(): Container['ceilings'] {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const hard = (name: string) => Number(new RegExp(`^${name}\\s+\\S+\\s+(\\d+)`, 'm').exec(limits)?.[1] ?? Infinity);
  return { nofile: hard('Max open files'), nproc: hard('Max processes') };
}

function planRun(engine: Engine, container: Container, staging: Staging, inside: Inside): LaunchPlan {
  const name = containerName();
  const skeleton = makeSkeleton(staging, inside.ops);
  const pidfile = `${skeleton}.pid`;
  const pid = container.dialect === 'podman' ? () => Number(read(pidfile)) || null : askForPid(engine, name);
  let over = false;
  return {
    program: engine.program,
    argv: runArgv(container, { name, label: ownLabel(), skeleton, pidfile }, inside),
    words: [],
    outside: {
      env: engine.env,
      look: () => lookAt(pid),
      async stop() {
        // Again until the client has ended: it may be about to make the container.
        for (let tries = 0; !over && tries < 40; tries++) {
          await removeContainer(engine, name);
          await wait(200);
        }
      },
      async end(code) {
        over = true;
        const ended = code !== null && code >= 125 ? await readEnd(engine, name) : { began: true, outOfMemory: false };
        await removeContainer(engine, name);
        staging.remove(skeleton);
        staging.remove(pidfile);
        return { stood: ended.began && code !== 125, outOfMemory: ended.outOfMemory };
      },
    },
  };
}

/** A read-only root cannot be given links and mount points, so a folder that has them is mounted first. */
function makeSkeleton(staging: Staging, ops: readonly Op[]): string {
  const root = staging.folder('skeleton');
  const place = (target: string) => join(root, target.slice(SKELETON.length));
  for (const op of ops) {
    if (op.op === 'symlink') {
      if (!op.target.startsWith(`${SKELETON}/`)) throw new BoxError(`a container cannot be given the link ${op.target}`);
      symlinkSync(op.to, place(op.target));
    } else if (op.op === 'bind' && op.target.startsWith(`${SKELETON}/`)) {
      const point = place(op.target);
      staging.write(statSync(op.source).isDirectory() ? join(point, 'covered') : point, '');
    }
  }
  return root;
}
