import { expect, it } from 'vitest';
import { bytes } from '../../src/config/parse.ts';
import { loadConfig } from '../../src/config.ts';
import { sandboxOf } from '../../src/run-adapters.ts';

const load = (env: Record<string, string>) => loadConfig({ flags: {}, env, project: '/no/such/project', configDir: '/no/such/config' });

it('sizes are written with a unit, and not too small', () => {
  const read = bytes(128 * 1024 ** 2);
  expect(['512m', '2g', '1.5G', '131072k'].map(read)).toEqual([512 * 1024 ** 2, 2 * 1024 ** 3, 1.5 * 1024 ** 3, 128 * 1024 ** 2]);
  for (const wrong of ['127m', '2', 2, '2gb', '-1g', 'none', '', null]) expect(() => read(wrong)).toThrow('like 512m or 2g');
});

it('limits reach the boxes as they were set', async () => {
  expect(sandboxOf(await load({})).limits).toEqual({ memoryBytes: 2 * 1024 ** 3, processors: 2 });
  const env = { REDGREEN_SANDBOX_MEMORY: '512m', REDGREEN_SANDBOX_CPUS: 'none', REDGREEN_SANDBOX_PROCESSES: '100' };
  expect(sandboxOf(await load(env)).limits).toEqual({ memoryBytes: 512 * 1024 ** 2, processors: Infinity, processes: 100 });
});
