// Starts one process of the tested program in a group of its own, and collects what it says until it is gone.
import { spawn } from 'node:child_process';

const MOST_OUTPUT = 1_000_000;
const MOST_CHANNEL = 4_000_000;

/**
 * `ended` gives {exit, end, stdout, stderr, channel}; `end` is null when the process ended by itself with an exit code. A process that uses the
 * channel (file descriptor 3) is done when it says so there. `kill` ends the whole group.
 */
export function start([program, ...args], { cwd, env, stdin, channel, ms }) {
  const stdio = ['pipe', 'pipe', 'pipe', ...(channel ? ['pipe'] : [])];
  // Node is called by its name, as a user calls it; Python finds its library by the path that it was started with.
  const argv0 = program === process.execPath ? { argv0: 'node' } : {};
  const child = spawn(program, args, { cwd, env, stdio, detached: true, ...argv0 });
  const texts = { stdout: [], stderr: [], channel: [] };
  let end = null;
  const kill = (why) => {
    end ??= why;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It is gone.
    }
  };
  const collect = (stream, name, most) => {
    let size = 0;
    stream.on('error', () => {});
    stream.on('data', (chunk) => {
      size += chunk.length;
      if (size > most) return kill('output');
      texts[name].push(chunk);
      if (name === 'channel' && chunk.includes('{"done":true}\n')) kill('done');
    });
  };
  collect(child.stdout, 'stdout', MOST_OUTPUT);
  collect(child.stderr, 'stderr', MOST_OUTPUT);
  if (channel) collect(child.stdio[3], 'channel', MOST_CHANNEL);
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  const timer = setTimeout(() => kill('time'), Math.max(0, ms));
  const ended = new Promise((resolve) => {
    const over = (exit, signal) => {
      clearTimeout(timer);
      const text = (name) => Buffer.concat(texts[name]).toString('utf8');
      const own = signal && end === null ? `signal ${signal}` : end === 'done' ? null : end;
      resolve({ exit, end: own, stdout: text('stdout'), stderr: text('stderr'), channel: text('channel') });
    };
    child.once('error', (error) => {
      texts.stderr.push(Buffer.from(String(error)));
      over(127, null);
    });
    child.once('exit', (exit, signal) => {
      // What it left behind in its group must not hold the pipes open; what left the group is not waited for.
      kill(end ?? (signal ? `signal ${signal}` : null));
      const late = setTimeout(() => over(exit, signal), 1_000);
      child.once('close', () => {
        clearTimeout(late);
        over(exit, signal);
      });
    });
  });
  return { ended, kill };
}
