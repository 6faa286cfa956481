import { defineConfig } from 'vitest/config';

// Tests that take minutes are `*.long.ts`; they run apart (`npm run test:long`).
const include = process.env['REDGREEN_LONG'] === '1' ? ['test/**/*.long.ts'] : ['test/**/*.test.ts', 'test/**/*.test.tsx'];

export default defineConfig({
  test: {
    include,
    passWithNoTests: false,
    exclude: ['test/fixtures/**', 'node_modules/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
