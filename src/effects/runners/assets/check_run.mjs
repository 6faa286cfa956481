// Runs the user's own check and reports its exit code as one test. Runs inside the box: node check_run.mjs < settings
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.mjs';
import { ending } from './exec.mjs';
import { openReport, readSettings, said } from './report.mjs';

/** Of what the command printed, this much of the end is the message. */
const TAIL = 4_000;

const settings = readSettings();
const report = openReport(settings, 'check');
const end = await runCommand(settings);
const own = end.output.replaceAll(`${end.tree}/`, '');
report.test('check', [settings.name], end.code === 0 && !end.stopped ? 'passed' : 'failed', false, end.code === 0 ? null : failure());
report.finish();

function failure() {
  const what = end.isThere ? `A program that ${settings.argv[0]} starts` : `The program ${settings.argv[0]}`;
  const missing = end.code === 127 ? ` ${what} was not found in the box.` : '';
  const how = `The command failed: ${ending(end, settings.silenceMs)}.${missing}`;
  return said('', `${how}\n${own.slice(-TAIL)}`, framesOf(own).slice(-20).reverse().join('\n'));
}

/** Places that look like `path:line` and name a file of the tree. */
function framesOf(text) {
  const found = [
    ...text.slice(-200_000).matchAll(/(?:^|[\s('"[])((?:\.\/)?[\w@.+-][\w@.+/-]{0,300}\.\w{1,8})(?::|\()(\d{1,7})(?:[:,](\d{1,6}))?/gm),
  ];
  const places = found.flatMap(([, path, line, column = '1']) => {
    const full = join(settings.treeDir, path.startsWith('./') || settings.dir === '' ? path : join(settings.dir, path));
    return existsSync(full) && statSync(full).isFile() ? [`    at <output> (${full}:${line}:${column})`] : [];
  });
  return [...new Set(places)];
}
