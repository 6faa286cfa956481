import { afterEach, describe, expect, it } from 'vitest';
import { isLoopback, openWire, patientFetch, shownUrl, type WireOptions } from '../../../src/effects/models/wire.ts';
import { type FakeServer, fakeServer, stream } from './fake-server.ts';

let server: FakeServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

const open = (more: Partial<WireOptions> = {}) =>
  openWire({ place: 'It', idleMs: 5_000, maxBytes: 1_000_000, maxLineBytes: 1_000_000, fetch: globalThis.fetch, ...more });

describe('openWire', () => {
  it.each([
    ['bytes', { maxBytes: 50_000 }, `: ${'x'.repeat(98)}\n`.repeat(1_000)],
    ['a line', { maxLineBytes: 50_000 }, 'x'.repeat(100_000)],
  ])('ends too many %s', async (_, more, text) => {
    server = await fakeServer(stream(text));
    const wire = open(more);
    const response = await wire.fetch(server.url);
    await expect(response.text()).rejects.toThrow('larger than');
    expect(wire.failure()).toMatchObject({ code: 'model.rejected' });
    wire.close();
  });

  it('lets many short lines pass, and knows that it was used', async () => {
    const text = `data: ${'x'.repeat(90)}\n\n`.repeat(1_000);
    server = await fakeServer(stream(text));
    const wire = open({ maxLineBytes: 70_000 });
    expect(wire.used()).toBe(false);
    expect(await (await wire.fetch(server.url)).text()).toBe(text);
    expect([wire.used(), wire.failure(), wire.refusal()]).toEqual([true, null, null]);
    wire.close();
  });
});

describe('patientFetch', () => {
  it('waits longer than Node’s own five minutes would allow, by a dispatcher', async () => {
    server = await fakeServer(stream('data: 1\n\n'));
    expect(await (await patientFetch(3_600_000)(server.url)).text()).toBe('data: 1\n\n');
  });
});

describe('addresses', () => {
  it.each([
    ['http://127.0.0.1:8080/v1', true],
    ['http://localhost/', true],
    ['http://[::1]:1/', true],
    ['http://127.0.0.1.example.com/', false],
    ['http://localhost.example.com/', false],
    ['http://10.0.0.1/', false],
    ['nothing', false],
  ])('%s on this machine: %s', (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });

  it('are shown without what may be secret', () => {
    expect(shownUrl('https://user:pass@host.example:8443/v1/?key=1#x')).toBe('https://host.example:8443/v1');
    expect(shownUrl('::')).toBe('an invalid address');
  });
});
