// How a harness script hears from the process in which tests run: through a socket that nothing else uses. Each frame begins with a secret that only the
// two of them know, so that what tests and code print or write is never taken for a result.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { cut } from './report.mjs';

const CHANNEL = 3;
// What is used later is kept from before any generated code could replace it.
const { readSync, writeSync } = fs;
const { parse, stringify } = JSON;
const { from, concat, alloc } = Buffer;

/**
 * Runs a Node with `argv` and gives what it sends to `onFrame`, and to `onStray` word that something else wrote. `hello` is what it is told first.
 * It is stopped when nothing is heard of it for `silence()` milliseconds. Resolves with how it ended.
 */
export async function runChild(argv, { hello, silence, onFrame, onStray }) {
  const secret = randomBytes(32).toString('hex');
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const channel = child.stdio[CHANNEL];
  const end = { stderr: '', stopped: false };
  const stop = () => {
    end.stopped = true;
    child.kill('SIGKILL');
    channel.destroy();
  };
  let watch = setTimeout(stop, silence());
  const alive = () => {
    clearTimeout(watch);
    watch = setTimeout(stop, silence());
  };
  child.stdout.on('data', alive);
  child.stderr.on('data', (text) => {
    alive();
    end.stderr = cut(end.stderr + text, 6000);
  });
  let rest = '';
  channel.on('error', () => {});
  channel.setEncoding('utf8');
  channel.on('data', (text) => {
    alive();
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith(secret)) onFrame(parse(line.slice(secret.length)));
      else onStray();
    }
  });
  channel.write(`${secret}${stringify(hello)}\n`);
  const [{ code, signal }] = await Promise.all([exit(child), new Promise((resolve) => channel.on('close', resolve))]);
  clearTimeout(watch);
  return { ...end, code, signal };
}

function exit(child) {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, signal: error.message }));
    child.on('exit', (code, signal) => resolve({ code, signal }));
  });
}

/** In the process that was started: what it was told, and how it sends a frame. */
export function connect() {
  const line = readLine();
  const secret = line.slice(0, 64);
  const send = (event) => {
    const bytes = from(`${secret}${stringify({ __proto__: null, ...event })}\n`);
    for (let at = 0; at < bytes.length; ) at += writeSync(CHANNEL, bytes, at);
  };
  return { hello: parse(line.slice(64)), send };
}

/** The parent writes one line as soon as this process stands. */
function readLine() {
  const parts = [];
  for (;;) {
    const part = alloc(65_536);
    const read = readSync(CHANNEL, part, 0, part.length, null);
    if (read === 0) process.exit(1);
    parts.push(part.subarray(0, read));
    if (part[read - 1] === 10) return concat(parts).toString('utf8');
  }
}
