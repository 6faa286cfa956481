// What the calls of one turn work on: the repository as it stands, with what they have changed so far.
import type { Amend, Change } from '../../../core/events.ts';
import { codeGate, testsGate } from '../../../core/gate-change.ts';
import type { Gate } from '../../../core/guard.ts';
import { testPaths } from '../../../core/kept.ts';
import type { Ports } from '../../../core/ports.ts';
import type { State } from '../../../core/state.ts';
import type { Survey } from '../../../core/survey.ts';
import type { Offer } from '../../../core/tools-change.ts';
import { isTestFile } from '../../survey/setups.ts';
import { type Ground, groundOf, surveyOf } from './ground.ts';
import type { Pending } from './pending.ts';

export interface Desk {
  readonly kind: Offer['kind'];
  readonly s: State;
  readonly survey: Survey;
  readonly gate: Gate;
  /** The files as they are now, as a box gets them. */
  ground(): Ground;
  /** A file's text as it is now; null when there is none, or when it is binary or too large. */
  read(path: string): Promise<string | null>;
  /** The file's text on the base; null when it was not there. */
  base(path: string): Promise<string | null>;
  has(path: string): boolean;
  paths(): readonly string[];
  /** Writes a file, or with null removes it. */
  put(path: string, text: string | null): void;
  /** What the turn changed: the new text, or null where the file is gone. */
  readonly changed: ReadonlyMap<string, string | null>;
  /** Hunks of refused edits, by file and edit (`pending.ts`). */
  readonly pending: Pending;
  /** An edit of this turn could not be made. */
  failed: boolean;
  readonly refused: string[];
  readonly packages: string[];
  readonly amended: Amend[];
  dispute: { readonly path: string; readonly reason: string } | null;
  untestable: string | null;
  blocked: string | null;
}

/** The desk of the conversation that is under way. The tests' author sees none of the change. */
export async function createDesk(ports: Ports, s: State, kind: Offer['kind'], pending: Pending): Promise<Desk> {
  const survey = await surveyOf(ports, s);
  const start = await groundOf(ports, s, kind === 'repair' ? s.sources : {});
  const overlay: Record<string, string> = { ...start.tree };
  const removed = new Set(start.removed);
  const changed = new Map<string, string | null>();
  const base = new Set(s.run?.base.files ?? []);
  const has = (path: string) => Object.hasOwn(overlay, path) || (base.has(path) && !removed.has(path));
  const paths = () => [...[...base].filter((path) => !removed.has(path)), ...Object.keys(overlay).filter((path) => !base.has(path))];
  return {
    kind,
    s,
    survey,
    gate: (path) => gateOf(s, kind, survey, paths())(path),
    ground: () => ({ ...start, tree: { ...overlay }, removed: [...removed] }),
    read: async (path) => (has(path) ? (overlay[path] ?? (await ports.workspace.readBase(path))) : null),
    base: async (path) => (base.has(path) ? ports.workspace.readBase(path) : null),
    has,
    paths,
    put(path, text) {
      changed.set(path, text);
      if (text !== null) {
        overlay[path] = text;
        removed.delete(path);
        return;
      }
      delete overlay[path];
      if (base.has(path)) removed.add(path);
    },
    changed,
    pending,
    failed: false,
    refused: [],
    packages: [],
    amended: [],
    dispute: null,
    untestable: null,
    blocked: null,
  };
}

function gateOf(s: State, kind: Offer['kind'], survey: Survey, existing: readonly string[]): Gate {
  const isTest = (path: string) => isTestFile(survey, path);
  // Tests of other files that were kept already stay as they are.
  const kept = s.cover ? Object.values(s.tests).flatMap((i) => (i.status === 'frozen' ? [i.path] : [])) : [];
  const installed = [...Object.keys(s.installs.files), ...kept];
  if (kind === 'repair') return codeGate({ existing, locked: [...testPaths(s), ...installed], isTest });
  const base = new Set(s.run?.base.files ?? []);
  // What its author wrote before is not there yet for the gate: it may be written anew.
  return testsGate({ existing: existing.filter((path) => base.has(path) || s.tests[path] === undefined), locked: installed, isTest });
}

/** The turn's changes as its event has them. */
export function changesOf(ports: Pick<Ports, 'blobs'>, desk: Desk): Promise<readonly Change[]> {
  return Promise.all([...desk.changed].map(async ([path, text]) => ({ path, blob: text === null ? null : await ports.blobs.put(text) })));
}
