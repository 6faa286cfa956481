import { readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBlobs, refOf } from '../../src/effects/blobs.ts';
import { folder } from './repository.ts';

describe('createBlobs', () => {
  it('gives back what was put, under its sha256, also to another reader', async () => {
    const dir = folder();
    const ref = await createBlobs(dir).put('héllo\n');
    expect(ref).toBe(refOf('héllo\n'));
    expect(await createBlobs(dir).get(ref)).toBe('héllo\n');
    const path = join(dir, ref.slice(0, 2), ref.slice(2));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, ref.slice(0, 2))).mode & 0o777).toBe(0o700);
  });

  it('stores the same text once, and leaves no temporary files', async () => {
    const dir = folder();
    const blobs = createBlobs(dir);
    const refs = await Promise.all(Array.from({ length: 20 }, () => blobs.put('same')));
    await createBlobs(dir).put('same');
    expect(new Set(refs).size).toBe(1);
    expect(readdirSync(dir, { recursive: true })).toHaveLength(2);
  });

  it('keeps any text that is well-formed', async () => {
    const dir = folder();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        expect(await createBlobs(dir).get(await createBlobs(dir).put(text))).toBe(text.toWellFormed());
      }),
      { numRuns: 50 },
    );
  });

  it('refuses damaged, missing and misnamed blobs', async () => {
    const dir = folder();
    const ref = await createBlobs(dir).put('some text');
    const path = join(dir, ref.slice(0, 2), ref.slice(2));
    writeFileSync(path, 'other text');
    await expect(createBlobs(dir).get(ref)).rejects.toMatchObject({ code: 'journal', message: expect.stringContaining('damaged') });
    await expect(createBlobs(dir).get('0'.repeat(64))).rejects.toMatchObject({
      code: 'journal',
      message: expect.stringContaining('missing'),
    });
    await expect(createBlobs(dir).get('../../etc/passwd')).rejects.toMatchObject({ code: 'journal' });
  });

  it('mends a damaged file when the same text is put again', async () => {
    const dir = folder();
    const ref = await createBlobs(dir).put('some text');
    truncateSync(join(dir, ref.slice(0, 2), ref.slice(2)), 3);
    await createBlobs(dir).put('some text');
    expect(await createBlobs(dir).get(ref)).toBe('some text');
  });
});
