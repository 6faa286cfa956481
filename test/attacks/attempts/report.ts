// Forging what the harness reads, and doing harm through the report's place.
import { node, perl, row } from '../attempt.ts';

const report = row('report');

export const REPORT = [
  report(
    'link-to-secret',
    'put a symbolic link to a secret in the report’s place',
    node("try { fs.rmSync(c.report); } catch {}\ntry { fs.symlinkSync(c.files.split(':')[0], c.report); } catch {}"),
    ['report', 'folder'],
  ),
  report(
    'hard-link',
    'give the report a second name',
    node("try { fs.writeFileSync(c.report, 'x'); fs.linkSync(c.report, c.report + '2'); escaped('linked'); } catch {}"),
    ['folder'],
  ),
  report(
    'pipe',
    'put a pipe in the report’s place, so that the reader waits for ever',
    perl('unlink $c{report}; system(\'mkfifo\', $c{report}); print -p $c{report} ? "a pipe\\n" : "";'),
    'shown by the tests of box-files.ts: without its check the harness itself would stand still',
  ),
  report(
    'folder',
    'put a folder in the report’s place',
    perl('unlink $c{report}; mkdir $c{report};'),
    'a folder cannot be read as a file: there is nothing to remove',
  ),
  report(
    'others-reports',
    'find or plant the report of another run',
    node("for (const name of list('/redgreen')) if (/^report/.test(name) && !c.report.includes(name)) escaped(name);"),
    'each run has one report with a random name; another’s was never mounted',
  ),
  report(
    'large-report',
    'write a report that is too large to be read',
    perl('open(my $o, ">", $c{report}); my $b = "x" x 2**20; syswrite($o, $b) for 1 .. 24;'),
    ['report'],
  ),
  report(
    'exit-codes',
    'end with a code that the launcher uses itself, to pass for a box that failed',
    perl('exit 125'),
    'nothing is removed by it: the harness must only not take it for a success',
    { ends: ['exit'] },
  ),
];
