// What npm's failures mean: problems that a manifest can mend, or errors of the network.
import type { DoorEntry, RunResult } from '../../sandbox/index.ts';
import { RedgreenError } from '../core/errors.ts';

interface NpmError {
  readonly code: string;
  readonly summary: string;
  readonly detail: string;
}

const NETWORK =
  /^(?:E5\d\d|E429|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|EPIPE|ERR_SOCKET_TIMEOUT|FETCH_ERROR|EPROXY\w*|ESOCKETTIMEDOUT|UND_ERR\w*)$/;
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)/;

/**
 * Problems in words for the plan's author; empty when npm succeeded.
 * Throws `RedgreenError('install')` when a manifest cannot help: registry unreachable (retryable), refused, or npm itself broken.
 */
export function explainNpm(result: RunResult, door: readonly DoorEntry[], registry: string): readonly string[] {
  if (result.reason === 'ok') return [];
  if (result.reason !== 'exit')
    throw new RedgreenError('install', `npm was stopped: ${result.reason}`, { retryable: result.reason === 'time' });
  const error = readError(result.stdout);
  const away = door.findLast((entry) => entry.outcome === 'unreachable');
  const refused = door.findLast((entry) => entry.outcome === 'refused');
  if (error !== null) {
    const problem = problemOf(error);
    if (problem !== null) return [problem];
  }
  if (refused !== undefined)
    throw new RedgreenError('install', `the install box refused a connection to ${refused.target}: ${refused.why}`);
  if (away !== undefined || (error !== null && NETWORK.test(error.code))) {
    throw new RedgreenError(
      'install',
      `the package registry ${registry} cannot be reached (${away?.why ?? error?.code}): check the network and try again`,
      { retryable: true },
    );
  }
  if (error !== null && (error.code === 'E401' || error.code === 'E403')) {
    throw new RedgreenError('install', `the package registry ${registry} wants credentials, which are never given to the install box`);
  }
  if (error !== null && CERTIFICATE.test(error.code)) {
    throw new RedgreenError(
      'install',
      `the certificate of ${registry} is not trusted (${error.code}): set cafile in your npm configuration`,
    );
  }
  throw new RedgreenError(
    'install',
    `npm failed: ${error === null ? result.stderr.trim().slice(0, 600) : `${error.code} ${error.summary}`.slice(0, 600)}`,
  );
}

function problemOf(error: NpmError): string | null {
  const text = `${error.summary}\n${error.detail}`;
  if (/^(?:TAR|Z)_/.test(error.code)) return `a package's archive cannot be unpacked (${error.code}): ${firstLines(error.summary, 2)}`;
  switch (error.code) {
    case 'E404':
      return `there is no package "${packageOf404(text)}" in the registry`;
    case 'ETARGET':
    case 'ENOVERSIONS':
      if (text.includes('with a date before'))
        return `no version of ${wantedOf(text)} in the registry is old enough (packages.minAge): ask for an older version`;
      return `no version of ${wantedOf(text)} exists in the registry`;
    case 'ERESOLVE':
      return `the packages do not fit together: ${firstLines(text, 12)}`;
    case 'EINTEGRITY':
      return `a package is not what the lock file says (checksum differs): ${firstLines(error.summary, 2)}`;
    case 'EBADPLATFORM':
    case 'EBADENGINE':
    case 'EINVALIDTAGNAME':
    case 'EINVALIDPACKAGENAME':
    case 'EUNSUPPORTEDPROTOCOL':
    case 'EJSONPARSE':
    case 'EUSAGE':
      return firstLines(error.summary, 4);
    default:
      return null;
  }
}

function wantedOf(text: string): string {
  return /No matching version found for (\S+?)\.?(?:\s|$)/.exec(text)?.[1] ?? 'a package';
}

function packageOf404(text: string): string {
  const quoted = /'((?:@[^/'\s]+\/)?[^@'\s]+)@[^']*' is not in this registry/.exec(text)?.[1];
  if (quoted !== undefined) return quoted;
  const url = /https:\/\/\S+?\/((?:@[^/\s]+(?:%2f|\/))?[^/\s]+?)(?:\s|$)/i.exec(text)?.[1];
  return url === undefined ? '?' : url.replace(/%2f/i, '/');
}

function firstLines(text: string, count: number): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, count)
    .join('\n');
}

/** The `error` of `npm --json`, which stands at the end of standard output. */
function readError(stdout: string): NpmError | null {
  const start = stdout.indexOf('{');
  if (start < 0) return null;
  try {
    const parsed = JSON.parse(stdout.slice(start)) as { error?: Partial<NpmError> };
    if (parsed.error === undefined) return null;
    return { code: parsed.error.code ?? '', summary: parsed.error.summary ?? '', detail: parsed.error.detail ?? '' };
  } catch {
    return null;
  }
}
