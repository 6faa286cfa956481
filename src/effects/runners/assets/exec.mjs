// Runs one program to its end for the harness scripts. Inside the box.
import { spawn } from 'node:child_process';
import { accessSync, constants, cpSync, existsSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** Most characters of a program's output that are kept: the head and, mostly, the tail. */
const KEPT = 4 * 1024 * 1024;

/**
 * Runs argv, standard error together with standard output where `merged`. Gives its output, how it ended, and in `stopped` whether it was ended here
 * because nothing was heard of it for `silenceMs`. `onLine` gets each line of standard output. Never rejects.
 */
export function execute(argv, { cwd, env, silenceMs, merged = false, onLine = () => {} }) {
  return new Promise((resolve) => {
    const [program, ...args] = merged ? ['/bin/sh', '-c', 'exec "$@" 2>&1', 'sh', ...argv] : argv;
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const out = { stdout: '', stderr: '' };
    let rest = '';
    let stopped = false;
    const kill = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // It is gone.
      }
    };
    const stop = () => {
      stopped = true;
      // Go writes down what every goroutine is doing.
      kill('SIGQUIT');
      setTimeout(() => kill('SIGKILL'), 2_000);
    };
    let watch = setTimeout(stop, silenceMs);
    const hear = (name) => (text) => {
      clearTimeout(watch);
      watch = setTimeout(stop, silenceMs);
      out[name] += text;
      if (out[name].length > 2 * KEPT) out[name] = `${out[name].slice(0, KEPT / 4)}\n…\n${out[name].slice(-KEPT)}`;
      if (name !== 'stdout') return;
      const lines = (rest + text).split('\n');
      rest = lines.pop().slice(-KEPT);
      for (const line of lines) onLine(line);
    };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8');
      child[name].on('data', hear(name));
    }
    const end = (code, signal) => {
      clearTimeout(watch);
      if (rest !== '') onLine(rest);
      rest = '';
      resolve({ ...out, code, signal, stopped });
    };
    child.on('error', (error) => end(null, error.message));
    child.on('exit', () => {
      // What it left running would keep its output open.
      setTimeout(() => kill('SIGKILL'), 500);
    });
    child.on('close', end);
  });
}

/** How a program ended, in words. */
export function ending({ code, signal, stopped }, silenceMs) {
  if (stopped) return `nothing was heard of it for ${silenceMs / 1000} seconds, and it was stopped`;
  return signal === null ? `exit code ${code}` : signal;
}

/** Runs `work` for each of `items`, two at a time. */
export async function inPairs(items, work) {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all([worker(), worker()]);
}

/** The tree, or a copy of it where it cannot be written: for tools that write beside the sources. Installed dependencies are linked. */
export function writableTree(treeDir) {
  try {
    accessSync(treeDir, constants.W_OK);
    return treeDir;
  } catch {
    const copy = join(mkdtempSync(join(tmpdir(), 'tree-')), 'tree');
    cpSync(treeDir, copy, { recursive: true, verbatimSymlinks: true, filter: (path) => basename(path) !== 'node_modules' });
    if (existsSync(join(treeDir, 'node_modules'))) symlinkSync(join(treeDir, 'node_modules'), join(copy, 'node_modules'));
    return copy;
  }
}
