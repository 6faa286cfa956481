// The packages that a repository's tests need: the user's own where they are what the commit asks for, else installed in the box.
import type { Body, Command } from '../../../core/events.ts';
import type { Ports } from '../../../core/ports.ts';
import type { Files, Tree } from '../../../core/ref.ts';
import type { State } from '../../../core/state.ts';
import type { Survey } from '../../../core/survey.ts';
import type { StepContext } from '../../../driver.ts';
import { surveyOf } from './ground.ts';

/** What is there to test with. */
export interface Found {
  readonly deps: string | null;
  readonly memberDeps: Readonly<Record<string, string>>;
  /** Of folders that are the user's own (`isUnchanged`); else null. */
  readonly stamp: string | null;
  /** Manifests that name packages which were asked for since, to be committed. */
  readonly files?: Files;
  readonly problems: readonly string[];
  /** Sentences for people. */
  readonly notes: readonly string[];
}

/** Finds what the user has installed for the base, or installs it; `extra` are packages that were asked for since. */
export type Provide = (wanted: {
  readonly survey: Survey;
  readonly extra: readonly string[];
  readonly signal: AbortSignal;
}) => Promise<Found>;

/** Emits `installed`. Nothing of the repository's manifests is changed but for packages that were asked for. */
export async function installChange(command: Command, ports: Ports, context: StepContext, provide: Provide): Promise<void> {
  const s = context.state();
  const found = await provide({ survey: await surveyOf(ports, s), extra: s.installs.extra, signal: context.signal });
  if (context.signal.aborted) return;
  for (const text of found.notes) context.emit({ type: 'note', text });
  const files = await Promise.all(
    Object.entries(found.files ?? {}).map(async ([path, text]) => [path, await ports.blobs.put(text)] as const),
  );
  context.emit(installedEvent(command, s, found, Object.fromEntries(files)));
}

function installedEvent(command: Command, s: State, { deps, memberDeps, stamp, problems }: Found, added: Tree): Body {
  const files = { ...s.installs.files, ...added };
  return { type: 'installed', id: command.id, attempt: command.attempt, files, deps, memberDeps, stamp, problems };
}
