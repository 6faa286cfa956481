import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHostName, parseConnect, targetOf } from '../../sandbox/index.ts';

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/);
const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
const port = fc.integer({ min: 1, max: 65_535 });

describe('the door’s request parser', () => {
  it('reads every plain CONNECT', () => {
    fc.assert(
      fc.property(host, port, (name, number) => {
        expect(parseConnect(`CONNECT ${name}:${number} HTTP/1.1\r\nHost: ${name}:${number}\r\nProxy-Connection: keep-alive`)).toEqual({
          host: name,
          port: number,
        });
      }),
    );
  });

  it('never throws, and what it accepts is a host name that stands in the request as it is', () => {
    const request = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.string().map((target) => `CONNECT ${target} HTTP/1.1`),
      fc.tuple(host, fc.string({ unit: 'binary' }), port).map(([name, noise, number]) => `CONNECT ${name}${noise}:${number} HTTP/1.1`),
    );
    fc.assert(
      fc.property(request, (text) => {
        const parsed = parseConnect(text);
        if (parsed === null) return;
        expect(parsed.host).toMatch(/^[a-z0-9.-]+$/);
        expect(isHostName(parsed.host)).toBe(true);
        expect(text.toLowerCase().startsWith(`connect ${parsed.host}:${parsed.port} http/1.`)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    'CONNECT evil.test\0.registry.example:443 HTTP/1.1',
    'CONNECT user@registry.example:443 HTTP/1.1',
    'CONNECT registry.example.:443 HTTP/1.1',
    'CONNECT registry.example HTTP/1.1',
    'CONNECT registry.example:0443 HTTP/1.1',
    'CONNECT registry.example:70000 HTTP/1.1',
    'CONNECT 127.0.0.1:443 HTTP/1.1',
    'CONNECT 2130706433:443 HTTP/1.1',
    'CONNECT 127.0.0.0x1:443 HTTP/1.1',
    'CONNECT [::1]:443 HTTP/1.1',
    'CONNECT rеgistry.example:443 HTTP/1.1',
    'CONNECT  registry.example:443 HTTP/1.1',
    'connect registry.example:443 HTTP/1.1',
    'GET https://registry.example/ HTTP/1.1',
    'CONNECT registry.example:443 HTTP/1.1\nHost: x',
    'CONNECT registry.example:443 HTTP/1.1\r\n folded: x',
    'CONNECT registry.example:443 HTTP/1.1\r\nno colon',
  ])('refuses %j', (text) => {
    expect(parseConnect(text)).toBeNull();
  });
});

describe('the target of a registry URL', () => {
  it('is host and port of https URLs with a host name', () => {
    expect(targetOf('https://registry.example/')).toBe('registry.example:443');
    expect(targetOf('https://registry.example:4873/npm/')).toBe('registry.example:4873');
    for (const url of ['http://registry.example/', 'https://127.0.0.1/', 'https://[::1]/', 'file:///etc', 'no url'])
      expect(targetOf(url)).toBeNull();
  });
});
