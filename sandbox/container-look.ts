// Looks at the control group that an engine made for a container.
import { join } from 'node:path';
import type { FileOf } from './cgroup.ts';
import { cpuMs, exceeded, NAMES } from './cgroup.ts';
import { read } from './cgroup-files.ts';
import { ownGroups } from './cgroup-find.ts';
import type { Usage } from './policy.ts';
import type { Look } from './watch.ts';
import { NOTHING } from './watch.ts';

/** `pid` gives the id of the container's first process, once it is known. */
export function lookAt(pid: () => number | null): Look {
  let group: { readonly version: 1 | 2; readonly file: FileOf } | null = null;
  let seen: Usage = NOTHING;
  return {
    exceeded() {
      group ??= groupOf(pid());
      if (group === null) return null;
      const { version, file } = group;
      const now = (part: string) => Number(read(part));
      seen = {
        cpuMs: Math.max(seen.cpuMs, cpuMs(file)),
        peakBytes: Math.max(seen.peakBytes, now(file('memory', NAMES[version].peak)), now(file('memory', NAMES[version].now))),
        peakProcesses: Math.max(seen.peakProcesses, now(file('pids', 'pids.peak')), now(file('pids', 'pids.current'))),
        exact: false,
      };
      return exceeded(version, file);
    },
    usage: () => seen,
  };
}

function groupOf(pid: number | null): { version: 1 | 2; file: FileOf } | null {
  const membership = pid === null ? '' : read(`/proc/${pid}/cgroup`);
  const { v1, v2 } = ownGroups(membership, read('/proc/self/mountinfo'));
  if (v1['memory'] !== undefined) return { version: 1, file: (controller, part) => join(v1[controller] ?? '/nowhere', part) };
  return v2 === null ? null : { version: 2, file: (_, part) => join(v2, part) };
}
