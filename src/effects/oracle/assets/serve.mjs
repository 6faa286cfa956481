// Starts the tested server, waits until it listens, and makes the requests of one case, one after the other.
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { start } from './start.mjs';

const MOST_BODY = 400_000;

/** Answers `{responses, end, stderr}`; `end` is `silent` when the server never listened. */
export async function askServer(job, { work, env, command, ms, until }) {
  const port = await freePort();
  const fill = (text) => text.replaceAll('{port}', String(port));
  const own = Object.fromEntries(Object.entries(job.env).map(([name, value]) => [name, fill(value)]));
  const options = { cwd: work, env: { ...env, ...own }, stdin: '', channel: false, ms: Math.max(0, until - Date.now()) };
  const child = start(command(job.argv).map(fill), options);
  const host = await listening(port, child.ended, Math.min(ms, until - Date.now()));
  const responses = host === null ? [] : await requests(job.steps, { host, port, ms });
  child.kill('done');
  const ended = await child.ended;
  const end = host !== null ? null : (ended.end ?? (ended.exit === null ? 'silent' : `exit ${ended.exit}`));
  return { responses, end, stderr: ended.stderr.slice(-4_000) };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The address that the server listens on, or null when it ended or the time is over. */
async function listening(port, ended, ms) {
  let gone = false;
  void ended.then(() => {
    gone = true;
  });
  for (const until = Date.now() + ms; Date.now() < until && !gone; ) {
    for (const host of ['127.0.0.1', '::1']) if (await accepts(host, port)) return host;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return null;
}

function accepts(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const over = (good) => {
      socket.destroy();
      resolve(good);
    };
    socket.once('connect', () => over(true));
    socket.once('error', () => over(false));
  });
}

async function requests(steps, place) {
  const saved = new Map();
  const responses = [];
  for (const step of steps) {
    const response = await ask(step, saved, place).catch((error) => ({ failed: String(error.message ?? error).slice(0, 300) }));
    responses.push(response);
    if (response.failed === undefined)
      for (const [name, pointer] of Object.entries(step.save)) saved.set(name, pointed(response.body, pointer));
  }
  return responses;
}

function ask({ method, path, headers, body }, saved, { host, port, ms }) {
  const filled = filledBody(body, saved);
  const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), fill(value, saved, String)]));
  const type =
    filled === null || given['content-type'] !== undefined ? {} : { 'content-type': filled.json ? 'application/json' : 'text/plain' };
  const length = filled === null ? {} : { 'content-length': Buffer.byteLength(filled.text) };
  const options = {
    host,
    port,
    method,
    path: fill(path, saved, encodeURIComponent),
    headers: { ...type, ...length, ...given },
    agent: false,
  };
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      const chunks = [];
      let size = 0;
      response.on('error', reject);
      response.on('data', (chunk) => {
        size += chunk.length;
        if (size > MOST_BODY) reject(new Error('the answer is too large'));
        else chunks.push(chunk);
      });
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: plain(response.headers), body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    sent.setTimeout(ms, () => sent.destroy(new Error(`no answer within ${Math.round(ms / 1000)} seconds`)));
    sent.on('error', reject);
    sent.end(filled?.text);
  });
}

function plain(headers) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  );
}

/** `{name}` with what an earlier answer gave; what was never saved stays as it is. */
function fill(text, saved, form) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (saved.has(name) ? form(textOf(saved.get(name))) : whole));
}

/** JSON is filled value by value (`{"$ref": name}` as it is, `{name}` inside texts), any other text as a whole. */
function filledBody(body, saved) {
  if (body === null) return null;
  const value = parse(body);
  if (value === undefined || typeof value === 'string') return { text: fill(body, saved, String), json: false };
  return { text: JSON.stringify(filledValue(value, saved)), json: true };
}

function filledValue(value, saved) {
  if (typeof value === 'string') return fill(value, saved, String);
  if (Array.isArray(value)) return value.map((item) => filledValue(item, saved));
  if (value === null || typeof value !== 'object') return value;
  if (typeof value.$ref === 'string') return saved.get(value.$ref) ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filledValue(item, saved)]));
}

function pointed(body, pointer) {
  let at = parse(body);
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    at = at !== null && typeof at === 'object' && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return at;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(value) {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
