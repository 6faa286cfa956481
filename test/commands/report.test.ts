import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Context, Flags } from '../../src/commands/context.ts';
import { report } from '../../src/commands/report.ts';
import { type Body, EVENT_VERSION } from '../../src/core/events.ts';
import { createBlobs } from '../../src/effects/blobs.ts';
import { createRun, type RunFiles } from '../../src/effects/runs.ts';
import { openTape } from '../../src/effects/tape-file.ts';
import { closing, middle, opening } from '../surfaces/events.ts';

let root: string;
let repository: string;
let said: { out: string; err: string };
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'redgreen-report-')));
  repository = join(root, 'repository');
  said = { out: '', err: '' };
  execFileSync('git', ['init', '-q', repository]);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function run(args: readonly string[], flags: Flags = {}, path = process.env['PATH']): Promise<number> {
  const stream = (name: 'out' | 'err') => ({ write: (text: string) => (said[name] += text) }) as unknown as NodeJS.WriteStream;
  const context: Context = {
    stdin: process.stdin,
    stdout: stream('out'),
    stderr: stream('err'),
    env: { PATH: path, HOME: root },
    cwd: repository,
    dirs: { config: join(root, 'config'), cache: join(root, 'cache'), state: join(root, 'state') },
    now: () => 1_800_000_000_000,
    quit: () => {},
  };
  return report(context, args, flags);
}

/** Writes a run as redgreen does, with `texts` as its blobs in the place of the events' made-up ones (`b` for the blob bbb…). */
async function record(bodies: readonly Body[], texts: Readonly<Record<string, string>> = {}, v: number = EVENT_VERSION): Promise<RunFiles> {
  const files = createRun(join(repository, '.git', 'redgreen'), { now: 1_790_000_000_000 + v * 1000, random: Math.random });
  const blobs = createBlobs(files.blobs);
  let lines = bodies.map((body, i) => JSON.stringify({ ...body, v, seq: i + 1, at: 1_790_000_000_000 + i * 1000 })).join('\n');
  for (const [letter, text] of Object.entries(texts)) lines = lines.replaceAll(`"${letter.repeat(64)}"`, `"${await blobs.put(text)}"`);
  writeFileSync(files.journal, `${lines}\n`);
  return files;
}

const whole = [...opening, ...middle, ...closing];
const pageOf = (id: string) => readFileSync(join(repository, `redgreen-report-${id}.html`), 'utf8');

describe('redgreen report', () => {
  it('writes the newest run beside the reader, for its owner only, and says where', async () => {
    await record(whole, {}, 2);
    const { id } = await record(whole);
    expect(await run([])).toBe(0);
    expect(said).toEqual({ out: `redgreen-report-${id}.html\n`, err: '' });
    expect(statSync(join(repository, `redgreen-report-${id}.html`)).mode & 0o777).toBe(0o600);
    expect(pageOf(id)).toContain('<p class="word">green</p>');
    expect(readdirSync(repository).sort()).toEqual(['.git', `redgreen-report-${id}.html`]);
  });

  it('shows what failed, what the model saw, what it did, and each file', async () => {
    const failure = { message: "count('') is 1\n    at src/count.ts:3", frames: [{ path: 'src/count.ts', line: 3 }], outside: false };
    const tests = [
      { id: 'test/count.test.ts › empty text', path: 'test/count.test.ts', name: 'empty text', status: 'failed', failure, retried: false },
    ];
    const files = await record(whole, {
      0: 'Count the words.',
      1: JSON.stringify({ tests, fileFailures: [], finished: true, broken: null, output: 'the runner says hello' }),
      a: JSON.stringify({
        text: 'It forgets the empty text.',
        calls: [{ id: '1', name: 'edit', args: { path: 'src/count.ts', find: 'x', replace: 'y' }, raw: '{}' }],
      }),
      2: JSON.stringify([{ id: '1', text: 'edited src/count.ts', isError: false }]),
      b: 'export const count = 1;\n',
      3: 'export const count = 2;\n',
      d: 'test it\n',
    });
    const tape = openTape(files.tape, {}, (text) => text);
    const asked = {
      run: files.id,
      step: 'repair',
      subject: 'round-1',
      attempt: 1,
      system: 'You repair.',
      tools: [],
      maxOutputTokens: 9,
    } as const;
    const reply = {
      text: '',
      calls: [],
      stop: 'end',
      usage: { input: 1, cached: 0, cacheWrite: 0, output: 1, reasoning: 0 },
      model: 'a/b',
      cost: null,
    } as const;
    tape.append({ ...asked, messages: [{ role: 'user', parts: [{ text: 'These tests fail: empty text' }] }] }, reply);
    tape.close();
    await run([files.id]);
    const page = pageOf(files.id);
    for (const text of [
      'Count the words.',
      'count(&#39;&#39;) is 1',
      'the runner says hello',
      'These tests fail: empty text',
      'It forgets the empty text.',
      'edited src/count.ts',
      '<del data-n="1">export const count = 1;',
      '<ins data-n="1">export const count = 2;',
    ])
      expect(page).toContain(text);
  });

  it('shows a changed file against the commit that the run began with', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', repository, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { encoding: 'utf8' }).trim();
    mkdirSync(join(repository, 'src'));
    writeFileSync(join(repository, 'src/count.ts'), 'one\ntwo\nthree\n');
    git('add', '-A');
    git('commit', '-qm', 'base');
    const base = { commit: git('rev-parse', 'HEAD'), files: ['src/count.ts'] };
    const bodies = whole.map((body) => (body.type === 'run.created' ? { ...body, base } : body));
    const { id } = await record(bodies, { b: 'one\n2\nthree\n', 3: 'one\n2\nthree\n' });
    await run([]);
    expect(pageOf(id)).toContain(
      '<code>src/count.ts</code> <span class="counts"><span class="good">+1</span> <span class="bad">−1</span></span>',
    );
    const [first, ...rest] = bodies;
    const gone = { ...first, base: { ...base, commit: '9'.repeat(40) } } as Body;
    const other = await record([gone, ...rest], { b: 'one\n', 3: 'one\n' });
    await run([other.id]);
    expect(pageOf(other.id)).toContain('cannot be read here, so changed files are shown as if they were new');
  });

  it('makes a page of any journal: of format 2, cut off in the middle, and without its blobs', async () => {
    for (let length = 1; length <= whole.length; length += 4) {
      const { id } = await record(whole.slice(0, length), {}, 2);
      expect(await run([id])).toBe(0);
      expect(pageOf(id)).toMatch(/<\/html>\n$/);
    }
    const { id } = await record(whole);
    await run([id]);
    expect(pageOf(id)).toContain('Some contents of the run are missing or damaged on disk');
  });

  it('takes a secret out before a long text is cut, so that no half of one is left', async () => {
    const body = 'MIIEowIBAAKCAQEAx7'.repeat(80);
    const pem = ['-----BEGIN RSA PRI', 'VATE KEY-----\n', body, '\n-----END RSA PRI', 'VATE KEY-----\n'].join('');
    // A text of more than 200,000 characters loses those after the first two thirds of them.
    const { id } = await record(whole, { c: `${'x = 1;\n'.repeat(18_950)}${pem}${'y = 2;\n'.repeat(20_000)}` });
    await run([id]);
    expect(pageOf(id)).toContain('1 private key.');
    expect(pageOf(id).includes('MIIEowIBAAKC')).toBe(false);
  });

  it('finds the message of a test whose name cannot be shown as it is', async () => {
    const id = 'test/count.test.ts › \u001b[2Jempty';
    const bodies = whole.map((body) =>
      body.type === 'tested' && body.round === 1
        ? { ...body, tests: [{ id, path: 'test/count.test.ts', status: 'failed' as const, why: '' }] }
        : body,
    );
    const failure = { message: 'one is not two', frames: [], outside: false };
    const tests = [{ id, path: 'test/count.test.ts', name: 'empty', status: 'failed', failure, retried: false }];
    const files = await record(bodies, { 1: JSON.stringify({ tests, fileFailures: [], finished: true, broken: null }) });
    await run([files.id]);
    expect(pageOf(files.id)).toContain('one is not two');
  });

  it('overwrites its own page, and nothing else', async () => {
    const { id } = await record(whole);
    await run([], { out: 'page.html' });
    await run([], { out: 'page.html' });
    writeFileSync(join(repository, 'mine.html'), '<!doctype html>mine');
    symlinkSync(join(repository, 'page.html'), join(repository, 'link.html'));
    mkdirSync(join(repository, 'folder'));
    for (const out of ['mine.html', 'link.html', 'folder'])
      await expect(run([id], { out })).rejects.toThrow(`${join(repository, out)} is there already and is no report of redgreen`);
    await expect(run([id], { out: 'no/such/folder.html' })).rejects.toThrow('The report cannot be written to');
    expect(readFileSync(join(repository, 'mine.html'), 'utf8')).toBe('<!doctype html>mine');
    expect(readdirSync(repository).filter((name) => name.startsWith('.redgreen'))).toEqual([]);
  });

  it('says in a sentence that there is no run', async () => {
    await expect(run([])).rejects.toMatchObject({ code: 'usage' });
    await expect(run(['20200101-000000-aaaa'])).rejects.toMatchObject({ code: 'usage' });
  });
});

describe.skipIf(process.platform === 'darwin')('--open', () => {
  it('gives the file to the opener as one argument, without a shell', async () => {
    await record(whole);
    const bin = join(root, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'xdg-open'), `#!/bin/sh\nprintf '%s|' "$@" > '${root}/opened'\n`);
    chmodSync(join(bin, 'xdg-open'), 0o755);
    await run([], { out: 'a b;$(touch x).html', open: true }, `${bin}:${process.env['PATH']}`);
    expect(said.err).toBe('');
    expect(readFileSync(join(root, 'opened'), 'utf8')).toBe(`${join(repository, 'a b;$(touch x).html')}|`);
    expect(existsSync(join(repository, 'x'))).toBe(false);
  });

  it('says where the file is when nothing can open it', async () => {
    const { id } = await record(whole);
    const bin = join(root, 'bin');
    mkdirSync(bin);
    symlinkSync(execFileSync('which', ['git'], { encoding: 'utf8' }).trim(), join(bin, 'git'));
    expect(await run([id], { open: true }, bin)).toBe(0);
    expect(said.err).toBe(
      `redgreen: There is no xdg-open on this machine; open ${join(repository, `redgreen-report-${id}.html`)} yourself.\n`,
    );
    writeFileSync(join(bin, 'xdg-open'), '#!/bin/sh\nexit 3\n');
    chmodSync(join(bin, 'xdg-open'), 0o755);
    expect(await run([id], { open: true }, bin)).toBe(0);
    expect(said.err).toContain('xdg-open could not show the report; open ');
  });
});
