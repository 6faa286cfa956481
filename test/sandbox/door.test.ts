import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Door } from '../../sandbox/door.ts';
import { openDoor } from '../../sandbox/door.ts';
import type { DoorPolicy } from '../../sandbox/index.ts';

let folder: string;
let upstream: Server;
let port: number;
let door: Door | null = null;
let upstreamConnections = 0;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'door-'));
  upstreamConnections = 0;
  upstream = createServer((socket) => {
    upstreamConnections++;
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => socket.write(`echo ${chunk}`));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => upstream.once('listening', resolve));
  port = (upstream.address() as AddressInfo).port;
});
afterEach(async () => {
  await door?.close();
  door = null;
  upstream.close();
  rmSync(folder, { recursive: true });
});

const open = async (policy: Partial<DoorPolicy> = {}) => {
  door = await openDoor({ targets: [`localhost:${port}`], ...policy }, folder, null);
  return door;
};

/** Sends `text`, then `after` once something came back; returns all that came until the other side ended or `until` was seen. */
const talk = (text: string, options: { after?: string; until?: string } = {}) =>
  new Promise<string>((resolve) => {
    let got = '';
    let sent = false;
    const socket = connect(join(folder, 'socket'), () => socket.write(text, 'latin1'));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(got));
    socket.on('data', (chunk) => {
      got += chunk;
      if (options.until !== undefined && got.includes(options.until)) socket.destroy();
      else if (options.after !== undefined && !sent) {
        sent = true;
        socket.write(options.after);
      }
    });
  });

describe('the registry door', () => {
  it('connects to exactly its target', async () => {
    const opened = await open({ allowPrivate: true });
    const reply = await talk(`CONNECT localhost:${port} HTTP/1.1\r\nHost: x\r\n\r\n`, { after: 'ping', until: 'echo ping' });
    expect(reply).toMatch(/^HTTP\/1\.1 200 OK\r\n\r\necho ping/);
    expect(opened.log).toEqual([{ target: `localhost:${port}`, outcome: 'open', why: expect.any(String) }]);
  });

  it('refuses every other target and anything that is no CONNECT', async () => {
    const opened = await open({ allowPrivate: true });
    for (const target of [`localhost:${port + 1}`, `localhost.evil.test:${port}`, `evil.localhost:${port}`]) {
      expect(await talk(`CONNECT ${target} HTTP/1.1\r\n\r\n`)).toMatch(/^HTTP\/1\.1 403 /);
    }
    for (const request of [
      `GET http://localhost:${port}/ HTTP/1.1\r\n\r\n`,
      `CONNECT 127.0.0.1:${port} HTTP/1.1\r\n\r\n`,
      `CONNECT evil\0.localhost:${port} HTTP/1.1\r\n\r\n`,
      `${'x'.repeat(9_000)}`,
    ]) {
      expect(await talk(request)).toMatch(/^HTTP\/1\.1 400 /);
    }
    expect(opened.log.map((entry) => entry.outcome)).toEqual(Array(7).fill('refused'));
    expect(upstreamConnections).toBe(0);
  });

  it('refuses a target that resolves to an address of the host or its network', async () => {
    const opened = await open();
    expect(await talk(`CONNECT localhost:${port} HTTP/1.1\r\n\r\n`)).toMatch(/^HTTP\/1\.1 403 forbidden address/);
    expect(opened.log[0]?.why).toContain('not a public address');
    expect(upstreamConnections).toBe(0);
  });

  it('says when the target cannot be reached', async () => {
    const opened = await open({ targets: ['nowhere.invalid:443'] });
    expect(await talk('CONNECT nowhere.invalid:443 HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 502 /);
    expect(opened.log[0]?.outcome).toBe('unreachable');
  });

  it('cuts off at its cap of bytes', async () => {
    await open({ allowPrivate: true, maxBytes: 10 });
    expect(await talk(`CONNECT localhost:${port} HTTP/1.1\r\n\r\n`, { after: 'x'.repeat(50) })).not.toContain('xxxxxxxxxxx');
  });
});
