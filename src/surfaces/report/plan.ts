// The plan: a graph of who uses whom, each file with its purpose and contract, and the decisions.
import type { Plan } from '../../core/plan.ts';
import { plural } from '../words.ts';
import { change } from './change.ts';
import { graph } from './graph.ts';
import { type Html, h } from './html.ts';
import type { Material } from './material.ts';
import { figures, fold, pre, section } from './parts.ts';

export function plan(m: Material): Html {
  const { state } = m;
  if (state.change !== null) return change(m);
  const shown = state.plan ?? state.planning.candidate;
  if (!shown) return section('plan', 'Plan', h`<p>There is no plan yet.</p>`);
  const picture = graph(shown, (path) => toneOf(m, path));
  return section(
    'plan',
    'Plan',
    h`<p class="lead">${shown.summary}</p>
<p class="dim">${[plural(shown.files.length, 'file'), plural(shown.tests.length, 'test file'), plural(shown.packages.length, 'package')].join(', ')}; ${shown.language}, ${shown.runner}${!state.plan && ' · this plan was not accepted'}</p>
${picture && h`<p class="note">A green edge: its tests pass; red: they fail; yellow: not written, or the checker objects. Dashed: a package.</p>`}
${picture}
${picture === null ? fileTable(shown) : figures('The plan as a table', fileTable(shown))}
${shown.decisions.length > 0 && h`<h3>Decisions</h3><ul>${shown.decisions.map((d) => h`<li>${d}</li>`)}</ul>`}
${
  shown.files.some((f) => f.contract.trim() !== '') &&
  fold(
    'Contracts',
    shown.files.filter((f) => f.contract.trim() !== '').map((f) => h`<p class="key"><code>${f.path}</code></p>${pre(f.contract)}`),
  )
}
${shown.commands.length > 0 && fold('Commands', h`<ul>${shown.commands.map((c) => h`<li><code>${c.argv.join(' ')}</code>: ${c.purpose}</li>`)}</ul>`)}`,
  );
}

/** How a planned file stands: by the tests that failed last, and by what is not written yet. */
function toneOf({ state }: Material, path: string): string {
  const test = state.tests[path];
  const file = state.files[path];
  if (!test && !file) return '';
  if ((test ?? file)?.blob === null) return 'warn';
  const failing = state.last?.tests.some((t) => t.path === path && t.status === 'failed') ?? false;
  if (test) return failing ? 'bad' : state.last ? 'good' : '';
  const objected = state.checks.diagnostics.some((d) => d.path === path);
  return objected ? 'warn' : state.last?.verdict.kind === 'green' ? 'good' : '';
}

function fileTable({ tests, files, packages }: Plan): Html {
  const row = (path: string, what: string, uses: readonly string[]) =>
    h`<tr><th scope="row"><code>${path}</code></th><td>${what}</td><td>${uses.length === 0 ? h`<span class="dim">nothing</span>` : uses.join(', ')}</td></tr>\n`;
  return h`<div class="scroll"><table><caption>Planned files and what they use</caption><thead><tr><th scope="col">file</th><th scope="col">for</th><th scope="col">uses</th></tr></thead><tbody>
${tests.map((t) => row(t.path, t.checks.join(' '), t.uses))}${files.map((f) => row(f.path, f.purpose, f.uses))}${packages.map((p) => row(p.name, `package ${p.range}${p.dev ? ', for development' : ''}`, []))}</tbody></table></div>`;
}
