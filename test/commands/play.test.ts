import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const CHILD = fileURLToPath(new URL('./play-child.ts', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the child; `onOutput` is called with all output so far and may send signals. */
function run(args: readonly string[], onOutput: (text: string, child: ReturnType<typeof spawn>) => void = () => {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CHILD, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => {
      stdout += data;
      onOutput(stdout, child);
    });
    child.stderr.on('data', (data) => (stderr += data));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const last = (text: string) => JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');
/** Calls `act` once, when `mark` has been seen. */
const onceSeen = (mark: string, act: (child: ReturnType<typeof spawn>) => void) => {
  let done = false;
  return (text: string, child: ReturnType<typeof spawn>) => {
    if (done || !text.includes(mark)) return;
    done = true;
    act(child);
  };
};

describe.concurrent('a run on a screen', () => {
  it('ends with 0 when it is green, and shows the branch', async () => {
    const { code, stdout, stderr } = await run(['green']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.trimEnd().split('\n').slice(-4)).toEqual([
      'green     proven',
      '          $0.063 · 8.0k tokens · 2 rounds · 25 s',
      '          1 write to locked files refused',
      'look      git -C /home/u/words log -p redgreen/wordcount',
    ]);
  });

  it('has the result as the last line of --json, also when it failed before it began', async () => {
    const green = await run(['green', 'json']);
    expect(last(green.stdout)).toMatchObject({ type: 'result', outcome: 'green', branch: 'redgreen/wordcount', rounds: 2, exitCode: 0 });
    const before = await run(['throw-before', 'json']);
    expect(before.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(last(before.stdout)).toMatchObject({
      type: 'result',
      outcome: 'failed',
      reason: 'The key was refused.',
      run: null,
      exitCode: 6,
    });
    expect([before.code, before.stderr]).toEqual([6, 'redgreen: The key was refused.\n']);
  });

  it('takes the exit code of a failure from its code', async () => {
    const { code, stdout, stderr } = await run(['fail', 'json']);
    expect([code, last(stdout).exitCode, stderr]).toEqual([6, 6, 'redgreen: the key was refused\n']);
  });

  it('says in one sentence what went wrong inside, and where with --debug', async () => {
    const quiet = await run(['throw-within']);
    expect([quiet.code, quiet.stderr]).toEqual([1, '']);
    expect(quiet.stdout).toContain('\nfailed    boom\n');
    const loud = await run(['throw-within', 'debug']);
    expect(loud.stderr).toContain('redgreen: boom\n');
    expect(loud.stderr).toContain('play-child.ts');
  });

  it('stops cleanly on the first Ctrl-C', async () => {
    const { code, stdout } = await run(
      ['wait', 'json'],
      onceSeen('"seq":19', (child) => child.kill('SIGINT')),
    );
    expect(code).toBe(130);
    expect(last(stdout)).toMatchObject({ outcome: 'interrupted', exitCode: 130 });
  });

  it('leaves at once on the second', async () => {
    const twice = onceSeen('"seq":19', (child) => {
      child.kill('SIGINT');
      setTimeout(() => child.kill('SIGINT'), 100);
    });
    expect((await run(['stuck', 'json'], twice)).code).toBe(130);
  });

  it('stops cleanly when nobody reads any more', async () => {
    const { code } = await run(
      ['chatty'],
      onceSeen('task', (child) => child.stdout?.destroy()),
    );
    expect(code === 130 || code === null).toBe(true);
  });
});
