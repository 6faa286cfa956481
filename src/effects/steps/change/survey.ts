// Reads the repository: what it is made with and how its tests are run.
import { changesCode } from '../../../core/change.ts';
import type { Command } from '../../../core/events.ts';
import type { CodeLanguage } from '../../../core/plan.ts';
import type { Ports } from '../../../core/ports.ts';
import type { State } from '../../../core/state.ts';
import type { Survey, TestSetup } from '../../../core/survey.ts';
import type { StepContext } from '../../../driver.ts';
import { survey as read } from '../../survey/survey.ts';
import { surveyLine } from '../../survey/text.ts';

/** Commits whose first lines show how they are written here. */
const SUBJECTS = 30;

/** Emits `surveyed`. Nothing of the repository is executed. */
export async function survey(command: Command, ports: Ports, context: StepContext): Promise<void> {
  const s = context.state();
  if (!changesCode(s)) return;
  const { workspace } = ports;
  // What is read next is read from the folder.
  if (s.run?.base.commit) await workspace.checkout(s.run.base.commit);
  const seen = await read({
    files: s.run?.base.files ?? [],
    read: (path) => workspace.readBase(path),
    subjects: () => workspace.subjects(SUBJECTS),
  });
  const found = ports.runners.some((one) => one.id === 'junit') ? withJunit(seen) : seen;
  for (const text of found.remarks) context.emit({ type: 'note', text });
  const setups = setupsOf(found, s);
  const language = languageOf(found, s, ports);
  const runner = setups[0]?.runner ?? defaultRunner(ports, s, language);
  const ref = await ports.blobs.put(JSON.stringify(found));
  context.emit({ type: 'surveyed', id: command.id, survey: ref, line: surveyLine(found), language, runner, setups });
}

/** A command of the settings that writes JUnit XML runs all tests, whatever else the repository has. */
function withJunit(found: Survey): Survey {
  const why = 'junit.command';
  const setup: TestSetup = {
    runner: 'junit',
    language: 'javascript',
    dir: '',
    config: null,
    flags: [],
    env: {},
    include: [],
    exclude: [],
    why,
  };
  const root = found.packages.find((one) => one.dir === '') ?? { dir: '', name: '', languages: [], setups: [] };
  const others = found.packages.filter((one) => one.dir !== '').map((one) => ({ ...one, setups: [] }));
  return { ...found, packages: [{ ...root, setups: [setup] }, ...others] };
}

/** Of all packages, those of the wanted runner first. */
function setupsOf(found: Survey, s: State): Survey['packages'][number]['setups'] {
  const all = found.packages.flatMap((p) => p.setups);
  const wanted = s.run?.runner;
  return wanted ? all.filter((one) => one.runner === wanted) : all;
}

function languageOf(found: Survey, s: State, ports: Ports): CodeLanguage {
  const known = ports.languages.map((l) => l.id);
  const first = found.languages.map((l) => known.find((id) => id === l.language)).find((id) => id !== undefined);
  return known.find((id) => id === s.run?.language) ?? first ?? 'javascript';
}

function defaultRunner(ports: Ports, s: State, language: CodeLanguage): string {
  if (s.run?.check) return 'check';
  return s.run?.runner ?? ports.runners.find((r) => r.languages.includes(language))?.id ?? '';
}
