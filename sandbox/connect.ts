// The door's request parser: strict, because everything that reaches it was written by code we do not trust.

export interface ConnectRequest {
  /** Lower-case ASCII host name; never an address. */
  readonly host: string;
  readonly port: number;
}

const REQUEST_LINE = /^CONNECT ([A-Za-z0-9.-]{1,253}):([1-9][0-9]{0,4}) HTTP\/1\.[01]$/;
const HEADER_LINE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e]*$/;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Reads a request's head (without the blank line that ends it). Null for anything but a plain CONNECT to a host name and port. */
export function parseConnect(head: string): ConnectRequest | null {
  const lines = head.split('\r\n');
  const match = REQUEST_LINE.exec(lines[0] ?? '');
  if (match === null) return null;
  if (!lines.slice(1).every((line) => HEADER_LINE.test(line))) return null;
  const host = (match[1] ?? '').toLowerCase();
  const port = Number(match[2]);
  if (port > 65_535 || !isHostName(host)) return null;
  return { host, port };
}

/** Labels of letters, digits and hyphens; the last one has a letter, so that no form of an IPv4 address passes. */
export function isHostName(host: string): boolean {
  const labels = host.split('.');
  return (
    host.length <= 253 &&
    labels.every((label) => LABEL.test(label)) &&
    /[a-z]/.test(labels.at(-1) ?? '') &&
    !/^0x/.test(labels.at(-1) ?? '')
  );
}

/** The door's target of an https URL: `host:port`, port 443 unless the URL has another. Null for any other URL. */
export function targetOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const parsed = new URL(url);
  if (parsed.protocol !== 'https:' || !isHostName(parsed.hostname)) return null;
  return `${parsed.hostname}:${parsed.port === '' ? 443 : parsed.port}`;
}
