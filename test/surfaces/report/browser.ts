// Chromium without a window, spoken to by its debugging protocol.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser's program, or null where there is none. */
export function findBrowser(): string | null {
  return NAMES.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0) ?? null;
}

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly dark: boolean;
  readonly scripts?: boolean;
}

export interface Opened {
  /** What the browser's console said. */
  readonly said: string[];
  readonly violations: string[];
  /** Addresses that were asked for, the page's own and data addresses left out. */
  readonly requests: string[];
  evaluate<T>(expression: string): Promise<T>;
  press(key: string): Promise<void>;
  /** A picture of the whole page, or of the window, as PNG. */
  picture(whole: boolean): Promise<Buffer>;
  /** Goes on as on paper. */
  print(): Promise<void>;
}

export interface Browser {
  open(file: string, look: Look): Promise<Opened>;
  close(): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

type Send = (method: string, params?: object, sessionId?: string) => Promise<Record<string, unknown>>;

/** Starts the browser; its profile is removed when it is closed. */
export async function startBrowser(program: string): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'redgreen-browser-'));
  const child = spawn(
    program,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--user-data-dir=${profile}`,
      '--remote-debugging-port=0',
      'about:blank',
    ],
    { stdio: 'ignore' },
  );
  const { send, listen, end } = await connect(await addressOf(profile, child));
  return {
    open: (file, look) => openPage(send, listen, file, look),
    close: async () => {
      const ended = new Promise((done) => child.once('exit', done));
      end();
      child.kill();
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

async function addressOf(profile: string, child: ChildProcess): Promise<string> {
  const file = join(profile, 'DevToolsActivePort');
  for (let tries = 0; tries < 300 && child.exitCode === null; tries++) {
    const [port, path] = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    if (port && path) return `ws://127.0.0.1:${port}${path}`;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('the browser did not start');
}

async function connect(address: string) {
  const socket = new WebSocket(address);
  await new Promise((done, failed) => {
    socket.addEventListener('open', done, { once: true });
    socket.addEventListener('error', failed, { once: true });
  });
  const waiting = new Map<number, (message: Message) => void>();
  const listeners: ((message: Message) => void)[] = [];
  let last = 0;
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    else for (const listener of listeners) listener(message);
  });
  const send: Send = (method, params = {}, sessionId) =>
    new Promise((done, failed) => {
      const id = ++last;
      waiting.set(id, ({ result, error }) => (error ? failed(new Error(`${method}: ${error.message}`)) : done(result ?? {})));
      socket.send(JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) }));
    });
  return { send, listen: (listener: (message: Message) => void) => void listeners.push(listener), end: () => socket.close() };
}

const WATCH = `addEventListener('securitypolicyviolation', (e) => (globalThis.seen ??= []).push(e.violatedDirective + ' ' + e.blockedURI));`;

async function openPage(
  sendTo: Send,
  listen: (listener: (message: Message) => void) => void,
  file: string,
  { width, height, dark, scripts = true }: Look,
): Promise<Opened> {
  const { targetId } = await sendTo('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = (await sendTo('Target.attachToTarget', { targetId, flatten: true })) as { sessionId: string };
  const send = (method: string, params: object = {}) => sendTo(method, params, sessionId);
  const url = pathToFileURL(file).href;
  const seen = { said: [] as string[], violations: [] as string[], requests: [] as string[] };
  const loaded = new Promise<void>((done) =>
    listen((message) => {
      if (message.sessionId !== sessionId) return;
      note(message, url, seen);
      if (message.method === 'Page.loadEventFired') done();
    }),
  );
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await send(`${domain}.enable`);
  await send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 500 });
  const scheme = { name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' };
  await send('Emulation.setEmulatedMedia', { features: [scheme] });
  await send('Emulation.setScriptExecutionDisabled', { value: !scripts });
  await send('Page.addScriptToEvaluateOnNewDocument', { source: WATCH });
  await send('Page.navigate', { url });
  await loaded;
  const evaluate = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value: T }).value;
  };
  if (scripts) seen.violations.push(...(await evaluate<string[]>('globalThis.seen ?? []')));
  return {
    ...seen,
    evaluate,
    press: async (key) => {
      for (const type of ['keyDown', 'keyUp'])
        await send('Input.dispatchKeyEvent', { type, key, code: key, windowsVirtualKeyCode: KEYS[key] ?? 0 });
    },
    picture: async (whole) => {
      const { data } = await send('Page.captureScreenshot', {
        format: 'png',
        captureBeyondViewport: whole,
        ...(whole ? { clip: await clipOf(send) } : {}),
      });
      return Buffer.from(String(data), 'base64');
    },
    print: async () => {
      await send('Emulation.setEmulatedMedia', { media: 'print', features: [scheme] });
    },
  };
}

const KEYS: Readonly<Record<string, number>> = { Tab: 9, ArrowRight: 39, ArrowLeft: 37, Enter: 13 };

async function clipOf(send: (method: string) => Promise<Record<string, unknown>>) {
  const { cssContentSize } = await send('Page.getLayoutMetrics');
  return { ...(cssContentSize as object), scale: 1 };
}

function note({ method, params = {} }: Message, url: string, seen: Pick<Opened, 'said' | 'violations' | 'requests'>): void {
  const { exceptionDetails, args, entry, request } = params as {
    exceptionDetails?: unknown;
    args?: unknown;
    entry?: { readonly text: string };
    request?: { readonly url: string };
  };
  if (method === 'Runtime.exceptionThrown') seen.said.push(JSON.stringify(exceptionDetails));
  if (method === 'Runtime.consoleAPICalled') seen.said.push(JSON.stringify(args));
  if (method === 'Log.entryAdded' && entry) seen.said.push(entry.text);
  if (method === 'Network.requestWillBeSent' && request && request.url !== url && !request.url.startsWith('data:'))
    seen.requests.push(request.url);
}
