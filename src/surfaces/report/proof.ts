// The proof: what was proven of which tree, from which evidence, and how to check it.
import { isVacuous } from '../../core/redproof.ts';
import type { Statement } from '../../core/statement.ts';
import { plural, time } from '../words.ts';
import { type Html, h, type Value } from './html.ts';
import type { Material } from './material.ts';
import { command, fold, pre, section } from './parts.ts';

export function proof(m: Material): Html {
  const { state } = m;
  const statement = parsed(m.statement);
  const green = state.ended?.outcome === 'green';
  const column = m.story.rounds.columns.findLast((c) => c.kind === 'proof');
  return section(
    'proof',
    'Proof',
    h`<p class="lead">${leadOf(m, green)}</p>
${green && state.ended?.branch && state.proof?.statement && h`<p>This page repeats what the run recorded. To prove it anew, in any clone and without trusting this page:</p><p>${command(`redgreen verify ${state.ended.branch} --expect ${state.proof.statement.digest}`)}</p>`}
${facts([
  state.proof && ['verdict', `${state.proof.verdict.kind}: ${state.proof.verdict.reason}`],
  statement && ['result', statement.predicate.result === 'PASSED' ? 'PASSED' : 'WARNED: some tests passed without the code, too'],
  state.proof && ['tree', h`<code>${state.proof.tree}</code>`],
  state.proof && ['candidate', h`<code>${state.proof.commit}</code>${column && column.ms > 0 && `, in ${time(column.ms)}`}`],
  state.commits.final && ['final commit', h`<code>${state.commits.final.commit}</code>, the same tree`],
  state.commits.tests && [
    'tests’ commit',
    h`<code>${state.commits.tests.commit}</code> ${state.change ? '(red: without the change)' : '(red: no code in it)'}`,
  ],
  statement && [
    'fresh runs',
    `${plural(statement.predicate.redgreen.seeds.length, 'run')} by the seeds ${statement.predicate.redgreen.seeds.join(', ')} (0: in the order as written), once more without the ${state.change ? 'change' : 'code'}`,
  ],
  statement && [
    'clean room',
    `${statement.predicate.redgreen.box} · ${Object.entries(statement.predicate.redgreen.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
  ],
  statement?.predicate.redgreen.dependencies && [
    'packages',
    h`<code>${statement.predicate.redgreen.dependencies.installed['dirHash']}</code>${statement.predicate.redgreen.dependencies.lock && ` from ${statement.predicate.redgreen.dependencies.lock.name}`}`,
  ],
  state.proof?.statement && ['digest', h`<code>${state.proof.statement.digest}</code>`],
])}
${redEvidence(m)}
${mutants(m)}
${statement && lockedFiles(statement)}
${m.statement !== null && fold('The statement of this digest', pre(m.statement))}`,
  );
}

function leadOf({ state }: Material, green: boolean): string {
  if (green && state.change)
    return 'The commit was exported from git into fresh sandboxes without a network, and the tests that passed before passed, too; the tests of the task passed every time, and without the change they did not.';
  if (green)
    return 'The commit was exported from git into fresh sandboxes without a network, the locked tests laid over it, and all of them passed every time; without the code none did.';
  if (state.proof) return 'A clean-room run was made, and nothing in it counts as proven.';
  return 'Nothing was proven: the run did not get as far as a clean-room run.';
}

function facts(list: readonly (readonly [string, Value] | null | undefined | false)[]): Html {
  const there = list.filter((one) => !!one);
  return h`${there.length > 0 && h`<dl class="facts">${there.map(([name, value]) => h`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`}`;
}

function redEvidence({ state }: Material): Html {
  const { tests } = state.red;
  // What they did on the code as it was stands among the tests: there are no stubs.
  if (tests.length === 0 || state.change !== null) return h``;
  const idle = tests.filter(isVacuous).length;
  const said = `Red evidence: ${tests.length - idle} of ${plural(tests.length, 'test')} failed without the code`;
  return fold(
    h`${said}${idle > 0 && h` <span class="warn">(${idle} passed and prove nothing)</span>`}`,
    h`<div class="scroll"><table><caption>What each test did on stubs that throw, and on stubs that return wrong values</caption><thead><tr><th scope="col">test</th><th scope="col">throwing</th><th scope="col">wrong values</th></tr></thead><tbody>
${tests.slice(0, 1000).map((t) => h`<tr><th scope="row">${t.id}</th><td class="${t.throwing === 'failed' ? 'bad' : 'warn'}">${t.throwing}</td><td class="${t.wrong === 'failed' ? 'bad' : 'warn'}">${t.wrong}</td></tr>\n`)}</tbody></table></div>${tests.length > 1000 && h`<p class="note">${plural(tests.length - 1000, 'more test')}.</p>`}`,
  );
}

function mutants({ state: { strength } }: Material): Html {
  if (!strength || strength.mutants === 0) return h``;
  const said = `Strength: the tests noticed ${strength.killed} of ${plural(strength.mutants, 'small change')} to the code${strength.cut ? ' (cut short by time)' : ''}`;
  if (strength.survivors.length === 0) return h`<p>${said}.</p>`;
  return fold(
    said,
    h`<p class="key">not noticed</p><ul>${strength.survivors.slice(0, 200).map((s) => h`<li><code>${s.path}:${s.line}</code> in <code>${s.inside}</code>: ${s.behaviour}</li>`)}</ul>`,
  );
}

function lockedFiles({ predicate }: Statement): Html {
  return fold(
    `Locked files (${predicate.configuration.length})`,
    h`<div class="scroll"><table><caption>Files that the code could not change, by sha256</caption><tbody>${predicate.configuration.map((f) => h`<tr><th scope="row"><code>${f.name}</code></th><td><code class="hash">${f.digest.sha256}</code></td></tr>\n`)}</tbody></table></div>`,
  );
}

/** The statement, where its text has the form that this page reads; a report is no place to judge another one. */
function parsed(text: string | null): Statement | null {
  if (text === null) return null;
  try {
    const value = JSON.parse(text) as Partial<Statement> | null;
    return value?.predicate?.redgreen?.seeds && Array.isArray(value.predicate.configuration) ? (value as Statement) : null;
  } catch {
    return null;
  }
}
