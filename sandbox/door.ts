// The registry door: a CONNECT proxy on a unix socket, the only way out of an install box.

import { lookup } from 'node:dns/promises';
import { chmodSync, chownSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { connect as connectTcp, createServer } from 'node:net';
import { join } from 'node:path';
import { isPrivateAddress } from './address.ts';
import { parseConnect } from './connect.ts';
import type { Identity } from './identity.ts';
import type { DoorPolicy } from './policy.ts';

/** One request at the door. `refused`: not a target, or a forbidden address; `unreachable`: the network's fault. */
export interface DoorEntry {
  readonly target: string;
  readonly outcome: 'open' | 'refused' | 'unreachable';
  readonly why: string;
}

export interface Door {
  readonly log: readonly DoorEntry[];
  close(): Promise<void>;
}

const MAX_HEAD = 8 * 1024;
const MAX_REQUESTS = 5_000;
const MAX_LOG = 10_000;
const HEAD_MS = 10_000;
const CONNECT_MS = 15_000;
const IDLE_MS = 60_000;

/** Listens on `folder`/socket, which the boxed user may connect to. */
export async function openDoor(policy: DoorPolicy, folder: string, identity: Identity | null): Promise<Door> {
  const log: DoorEntry[] = [];
  const sockets = new Set<Socket>();
  const budget = { bytes: policy.maxBytes ?? 2 * 1024 ** 3, requests: MAX_REQUESTS };
  const note = (entry: DoorEntry) => {
    if (log.length < MAX_LOG) log.push(entry);
  };
  const addresses = resolver(policy);
  const server = createServer({ allowHalfOpen: true }, (client) => {
    track(client, sockets);
    if (sockets.size > 2 * (policy.maxConnections ?? 64) || budget.requests-- <= 0) return refuse(client, 429, 'too many connections');
    serve(client, policy, { addresses, note, sockets, budget });
  });
  const path = join(folder, 'socket');
  await listening(server, path);
  if (identity !== null) chownSync(path, 0, identity.gid);
  chmodSync(path, identity === null ? 0o600 : 0o660);
  return {
    log,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

interface Shared {
  readonly addresses: (host: string) => Promise<string>;
  readonly note: (entry: DoorEntry) => void;
  readonly sockets: Set<Socket>;
  readonly budget: { bytes: number };
}

function serve(client: Socket, policy: DoorPolicy, shared: Shared): void {
  let head = Buffer.alloc(0);
  client.setTimeout(HEAD_MS, () => client.destroy());
  const read = (chunk: Buffer) => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0 && head.length <= MAX_HEAD) return;
    client.off('data', read);
    client.pause();
    const request = end < 0 ? null : parseConnect(head.subarray(0, end).toString('latin1'));
    if (request === null) {
      shared.note({ target: printable(head), outcome: 'refused', why: 'not a plain CONNECT request' });
      return refuse(client, 400, 'not a plain CONNECT request');
    }
    const target = `${request.host}:${request.port}`;
    if (!policy.targets.includes(target)) {
      shared.note({ target, outcome: 'refused', why: 'not the registry' });
      return refuse(client, 403, 'not the registry');
    }
    void openTunnel(client, request.host, request.port, head.subarray(end + 4), shared);
  };
  client.on('data', read);
}

async function openTunnel(client: Socket, host: string, port: number, early: Buffer, shared: Shared): Promise<void> {
  const target = `${host}:${port}`;
  let address: string;
  try {
    address = await shared.addresses(host);
  } catch (error) {
    const refused = error instanceof Refused;
    shared.note({ target, outcome: refused ? 'refused' : 'unreachable', why: (error as Error).message });
    return refuse(client, refused ? 403 : 502, refused ? 'forbidden address' : 'cannot resolve');
  }
  const upstream = connectTcp({ host: address, port, allowHalfOpen: true, timeout: CONNECT_MS });
  track(upstream, shared.sockets);
  const failed = (why: string) => {
    shared.note({ target, outcome: 'unreachable', why });
    refuse(client, 502, 'cannot connect');
    upstream.destroy();
  };
  const onError = (error: Error) => failed(error.message);
  const onTimeout = () => failed('no answer');
  upstream.once('error', onError);
  upstream.once('timeout', onTimeout);
  upstream.once('connect', () => {
    upstream.off('error', onError);
    upstream.off('timeout', onTimeout);
    shared.note({ target, outcome: 'open', why: address });
    client.write('HTTP/1.1 200 OK\r\n\r\n');
    if (early.length > 0) upstream.write(early);
    tunnel(client, upstream, shared.budget);
  });
}

function tunnel(client: Socket, upstream: Socket, budget: { bytes: number }): void {
  const end = () => {
    client.destroy();
    upstream.destroy();
  };
  const count = (chunk: Buffer) => {
    budget.bytes -= chunk.length;
    if (budget.bytes < 0) end();
  };
  for (const socket of [client, upstream]) {
    socket.setTimeout(IDLE_MS, end);
    socket.on('data', count);
    socket.on('close', end);
  }
  client.pipe(upstream);
  upstream.pipe(client);
}

class Refused extends Error {}

/** Resolves a host once; every answer must be a public address. */
function resolver(policy: DoorPolicy): (host: string) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  const resolve = async (host: string) => {
    const answers = await lookup(host, { all: true, verbatim: false });
    const bad = policy.allowPrivate === true ? undefined : answers.find((answer) => isPrivateAddress(answer.address));
    if (bad !== undefined) throw new Refused(`${host} resolves to ${bad.address}, which is not a public address`);
    const first = answers[0];
    if (first === undefined) throw new Error(`${host} has no address`);
    return first.address;
  };
  return (host) => {
    const answer = known.get(host) ?? resolve(host);
    known.set(host, answer);
    answer.catch((error: unknown) => {
      if (!(error instanceof Refused)) known.delete(host);
    });
    return answer;
  };
}

function track(socket: Socket, sockets: Set<Socket>): void {
  sockets.add(socket);
  socket.on('error', () => undefined);
  socket.once('close', () => sockets.delete(socket));
}

function refuse(client: Socket, status: number, why: string): void {
  client.end(`HTTP/1.1 ${status} ${why}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
  client.resume();
  setTimeout(() => client.destroy(), 1_000).unref();
}

function printable(head: Buffer): string {
  return head
    .subarray(0, 120)
    .toString('latin1')
    .replaceAll(/[^\x20-\x7e]/g, '?');
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
