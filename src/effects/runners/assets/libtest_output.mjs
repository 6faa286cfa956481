// Reads what a test binary of Rust (libtest, and rustdoc for doc tests) prints in its stable, textual form. Runs inside the box.

const RESULT = /^test (.+?)(?: - (?:should panic|compile fail|compile))? \.\.\. (ok|FAILED|ignored)(?:, .*)?$/;
const SUMMARY = /^test result: (?:ok|FAILED)\. (\d+) passed; (\d+) failed; (\d+) ignored; \d+ measured; \d+ filtered out/;
const SECTION = /^---- (.+) std(?:out|err) ----$/;
const STATUS = { ok: 'passed', FAILED: 'failed', ignored: 'skipped' };

/** Names that `--list` gives; null where that is not the list of libtest (a test target with a harness of its own). */
export function readList(text) {
  if (!/^\d+ tests?, \d+ benchmarks?$/m.test(text)) return null;
  return [...text.matchAll(/^(.+): test$/gm)].map(([, name]) => name);
}

/**
 * Reads a run. `results` maps names (of `known`, when it is given) to {status, times}; `said` what failing tests printed; `counted` are the numbers of the last
 * summary, null when there is none: the process ended before its tests did.
 */
export function readRun(text, known) {
  const results = new Map();
  const said = new Map();
  let counted = null;
  let section = null;
  let inFailures = false;
  for (const line of text.split('\n')) {
    const [, passed, failed, ignored] = SUMMARY.exec(line) ?? [];
    if (passed !== undefined) counted = { passed: Number(passed), failed: Number(failed), skipped: Number(ignored) };
    // Below this line stands what tests printed, which can look like anything.
    if (line === 'failures:') inFailures = true;
    const [, headed] = SECTION.exec(line) ?? [];
    if (inFailures && headed !== undefined && (known === null || known.has(headed))) {
      section = [];
      said.set(headed, section);
    } else if (section !== null) section.push(line);
    const [, name, word] = inFailures ? [] : (RESULT.exec(line) ?? []);
    if (name === undefined || (known !== null && !known.has(name))) continue;
    results.set(name, { status: STATUS[word], times: (results.get(name)?.times ?? 0) + 1 });
  }
  return { results, said: new Map([...said].map(([name, lines]) => [name, withoutList(lines.join('\n'))])), counted };
}

/** The last section is followed by the list of what failed, and the summary. */
function withoutList(text) {
  const at = text.lastIndexOf('\nfailures:\n');
  return (at === -1 ? text : text.slice(0, at)).trim();
}

/** True when what was read of each test agrees with what the summary counts and with how the process ended. */
export function agrees({ results, counted }, code) {
  if (counted === null || code !== (counted.failed === 0 ? 0 : 101)) return false;
  const all = [...results.values()];
  if (all.some(({ times }) => times !== 1)) return false;
  return ['passed', 'failed', 'skipped'].every((status) => all.filter((one) => one.status === status).length === counted[status]);
}
