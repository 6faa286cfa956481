// A package registry on loopback, for npm and for pip, that serves whatever a test puts into it.
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type TarEntry, tarball } from './archives.ts';
import { selfSigned } from './certificate.ts';

export interface Version {
  /** Merged into the version's manifest. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Entries besides `package/package.json`. */
  readonly entries?: readonly TarEntry[];
  /** ISO time of publication. */
  readonly published?: string;
  /** Sent instead of the archive's own checksum. */
  readonly integrity?: string;
  /** The archive's address instead of the registry's own. */
  readonly tarball?: string;
  /** The archive's request is answered by this redirect. */
  readonly redirect?: string;
  /** Sent instead of an archive of these entries. */
  readonly bytes?: Buffer;
}

export interface Wheel {
  readonly file: string;
  readonly bytes: Buffer;
  readonly uploaded?: string;
}

export interface Registry {
  readonly url: string;
  readonly pip: { readonly url: string; readonly files: string };
  readonly ca: string;
  /** Requests as `METHOD path`. */
  readonly asked: string[];
  /** Headers of every request, joined. */
  readonly headers: string[];
  /** npm packages: name to version to what is served. */
  readonly npm: Map<string, Readonly<Record<string, Version>>>;
  /** Projects of the Python index. `simple` false: only HTML, without times. */
  readonly wheels: Map<string, readonly Wheel[]>;
  json: boolean;
  close(): Promise<void>;
}

/** Starts it. */
export async function startRegistry(): Promise<Registry> {
  const { key, cert } = selfSigned();
  const server: Server = createServer({ key, cert });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
  const registry: Registry = {
    url,
    pip: { url: `${url}simple/`, files: url },
    ca: cert,
    asked: [],
    headers: [],
    npm: new Map(),
    wheels: new Map(),
    json: true,
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
  server.on('request', (request, response) => {
    const path = decodeURIComponent(request.url ?? '/');
    registry.asked.push(`${request.method} ${path}`);
    registry.headers.push(JSON.stringify(request.headers));
    const answer = path.startsWith('/simple/') || path.startsWith('/wheels/') ? answerPip(registry, path) : answerNpm(registry, path);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  return registry;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

const missing: Answer = { status: 404, headers: { 'content-type': 'application/json' }, body: '{}' };
const json = (value: unknown, type = 'application/json'): Answer => ({
  status: 200,
  headers: { 'content-type': type },
  body: JSON.stringify(value),
});

function answerNpm(registry: Registry, path: string): Answer {
  const [, name = '', version] = /^\/((?:@[^/]+\/)?[^/]+)(?:\/-\/(.+)\.tgz)?$/.exec(path) ?? [];
  const versions = registry.npm.get(name);
  if (versions === undefined) return missing;
  if (version === undefined) return json(packument(registry.url, name, versions));
  const served = versions[version];
  if (served === undefined) return missing;
  if (served.redirect !== undefined) return { status: 302, headers: { location: served.redirect }, body: '' };
  return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: archive(name, version, served) };
}

function packument(url: string, name: string, versions: Readonly<Record<string, Version>>) {
  const entries = Object.entries(versions).map(([version, served]) => {
    const bytes = archive(name, version, served);
    const integrity = served.integrity ?? `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    const address = served.tarball ?? `${url}${name}/-/${version}.tgz`;
    return [version, { name, version, ...served.manifest, dist: { integrity, tarball: address } }] as const;
  });
  const times = Object.entries(versions).map(([version, { published = '2020-01-01T00:00:00.000Z' }]) => [version, published] as const);
  return { name, 'dist-tags': { latest: entries.at(-1)?.[0] }, versions: Object.fromEntries(entries), time: Object.fromEntries(times) };
}

function archive(name: string, version: string, served: Version): Buffer {
  const manifest = JSON.stringify({ name, version, main: 'index.js', ...served.manifest });
  return served.bytes ?? tarball([{ name: 'package/package.json', text: manifest }, ...(served.entries ?? [])]);
}

function answerPip(registry: Registry, path: string): Answer {
  const [, kind, name = ''] = /^\/(simple|wheels)\/([^/]+)\/?$/.exec(path) ?? [];
  if (kind === 'wheels') {
    const found = [...registry.wheels.values()].flat().find((one) => one.file === name);
    return found === undefined ? missing : { status: 200, headers: { 'content-type': 'application/zip' }, body: found.bytes };
  }
  const files = registry.wheels.get(name);
  if (files === undefined) return missing;
  const sha = (one: Wheel) => createHash('sha256').update(one.bytes).digest('hex');
  if (registry.json) {
    const listed = files.map((one) => ({
      filename: one.file,
      url: `${registry.url}wheels/${one.file}`,
      hashes: { sha256: sha(one) },
      'upload-time': one.uploaded ?? '2020-01-01T00:00:00.000000Z',
    }));
    return json({ meta: { 'api-version': '1.1' }, name, files: listed, versions: [] }, 'application/vnd.pypi.simple.v1+json');
  }
  const links = files.map((one) => `<a href="${registry.url}wheels/${one.file}#sha256=${sha(one)}">${one.file}</a>`);
  return { status: 200, headers: { 'content-type': 'text/html' }, body: `<!DOCTYPE html><html><body>${links.join('\n')}</body></html>` };
}
