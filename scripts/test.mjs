// Runs the tests with the checkout's own Node and says at the end, alone on a line: N passed, N failed.
//   --long  the tests that take minutes, instead   anything else goes to vitest
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');
const long = process.argv.includes('--long');
const rest = process.argv.slice(2).filter((arg) => arg !== '--long');
const folder = mkdtempSync(join(tmpdir(), 'redgreen-test-'));
const report = join(folder, 'report.json');

try {
  const code = await vitest();
  const { passed, failed } = count(code);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = code;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function vitest() {
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...rest];
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, ...(long ? { REDGREEN_LONG: '1' } : {}) };
  return new Promise((resolve) => {
    const child = spawn(join(bin, 'vitest'), args, { cwd: root, env, stdio: 'inherit' });
    const pass = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, pass);
    child.on('error', (error) => {
      process.stderr.write(`redgreen test: ${error.message}\n`);
      resolve(1);
    });
    child.on('close', (status) => resolve(status ?? 1));
  });
}

/** Counts tests; a file that failed as a whole, or a run that failed otherwise, counts as one failure. */
function count(code) {
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const whole = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = numFailedTests + whole;
  return { passed: numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}
