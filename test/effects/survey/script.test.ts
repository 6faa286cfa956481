import { expect, it } from 'vitest';
import { meaningOf } from '../../../src/effects/survey/commands.ts';
import { parseShell, stepsOf } from '../../../src/effects/survey/script.ts';

/** What `test` comes to: words of each step. */
const commands = (scripts: Record<string, string>) => stepsOf(scripts, 'test').map((step) => step.argv.join(' '));

it.each<[string, Record<string, string>, string[]]>([
  ['chains and redirections', { test: 'eslint . && vitest run > out.txt 2>&1; echo done' }, ['eslint .', 'vitest run', 'echo done']],
  ['npm run', { test: 'npm run lint && npm run unit', lint: 'eslint .', unit: 'borp' }, ['eslint .', 'borp']],
  ['pre scripts', { pretest: 'tsc', test: 'mocha' }, ['tsc', 'mocha']],
  ['arguments after --', { test: 'npm run unit -- --coverage', unit: 'tsc && jest' }, ['tsc', 'jest --coverage']],
  ['yarn and pnpm', { test: 'yarn unit && pnpm run more && pnpm vitest run', unit: 'jest', more: 'ava' }, ['jest', 'ava', 'vitest run']],
  [
    'pnpm exec, npx, bin folder',
    { test: 'pnpm exec jest && npx --no-install mocha && ./node_modules/.bin/vitest' },
    ['jest', 'mocha', 'vitest'],
  ],
  ['run-s', { test: 'run-s lint test:*', lint: 'xo', 'test:a': 'mocha a', 'test:b': 'mocha b' }, ['xo', 'mocha a', 'mocha b']],
  ['npm-run-all', { test: 'npm-run-all -p a b', a: 'jest', b: 'tsd' }, ['jest', 'tsd']],
  ['concurrently', { test: 'concurrently -k "npm run a" "tsc -w"', a: 'jest' }, ['jest', 'tsc -w']],
  ['coverage wrappers', { test: 'c8 --reporter html --exclude examples node --test && nyc mocha x' }, ['node --test', 'mocha x']],
  ['node --run', { test: 'node --run unit', unit: 'node --test' }, ['node --test']],
  ['a circle', { test: 'npm run a', a: 'npm run test && jest' }, ['jest']],
])('%s', (_, scripts, expected) => {
  expect(commands(scripts)).toEqual(expected);
});

it('keeps the environment of a command, from prefixes and wrappers, and who called it', () => {
  const steps = stepsOf({ test: 'CI=1 npm run a', a: "cross-env TZ=UTC A='b c' jest" }, 'test');
  expect(steps).toEqual([{ argv: ['jest'], env: { CI: '1', TZ: 'UTC', A: 'b c' }, via: ['test', 'a'] }]);
});

it('reads quotes as a shell does', () => {
  expect(parseShell(`a "b c"'d' \\e "x\\"y" '$HOME' && (b | c)`)).toEqual([['a', 'b cd', 'e', 'x"y', '$HOME'], ['b'], ['c']]);
});

it('reads a script that was made to take for ever', () => {
  const scripts = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [i === 0 ? 'test' : `s${i}`, `npm run s${i + 1} && npm run s${i + 1} && npm run s${i + 2}`]),
  );
  expect(stepsOf({ ...scripts, s7: 'jest' }, 'test').length).toBeLessThanOrEqual(100);
  for (const one of ['"', "'", '\\', '"\\', '$(', '&&', '> ', 'a=']) expect(parseShell(one.repeat(20_000))).toBeDefined();
});

const meaning = (line: string) => meaningOf(stepsOf({ test: line }, 'test')[0] ?? { argv: [], env: {}, via: [] });

it.each([
  ['node --test --import tsx --experimental-test-coverage test/*.ts', ['--import=tsx']],
  ['node -r ts-node/register --test', ['--require=ts-node/register']],
  ['tsx --test', ['--import=tsx']],
  ['node --test --import=data:text/javascript,evil --import /etc/x.js', []],
  ['node --test --test-reporter=./evil.js --test-reporter-destination out --expose-gc', ['--expose-gc']],
  ['mocha -r ts-node/register -R dot --ui tdd --timeout 5000 -b', ['--require=ts-node/register', '--ui=tdd', '--timeout=5000']],
  ['NODE_OPTIONS="--experimental-vm-modules --inspect" jest --coverage', ['--experimental-vm-modules']],
  ['node --experimental-vm-modules node_modules/jest/bin/jest.js -i', ['--experimental-vm-modules', '--runInBand']],
  ['vitest run --project unit --reporter=./evil.ts --pool forks', ['--project=unit', '--pool=forks']],
  ['borp --timeout 180000 --expose-gc -p "test/*.js"', ['--test-timeout=180000', '--expose-gc']],
])('flags of %s', (line, flags) => {
  const found = meaning(line);
  expect(found.kind === 'tests' ? found.wanted.flags : found).toEqual(flags);
});

it('lets no name through that steers a loader or a shell', () => {
  const names =
    'PATH HOME LD_PRELOAD DYLD_INSERT_LIBRARIES NODE_OPTIONS NODE_PATH BASH_ENV GIT_DIR PYTHONPATH npm_config_x RUSTC_WRAPPER GOFLAGS VITEST_POOL_ID'.split(
      ' ',
    );
  const found = meaning(
    `cross-env ${names.map((name) => `${name}=x`).join(' ')} NODE_ENV=test TZ=UTC AJV_FULL_TEST=true A=$SECRET B='x;y' jest`,
  );
  expect(found.kind === 'tests' && found.wanted.env).toEqual({ NODE_ENV: 'test', TZ: 'UTC', AJV_FULL_TEST: 'true' });
});

it.each([
  ['ava', 'foreign'],
  ['tap', 'foreign'],
  ['bun test', 'foreign'],
  ['deno test -A', 'foreign'],
  ['playwright test', 'foreign'],
  ['playwright install', 'other'],
  ['eslint .', 'check'],
  ['tsc --noEmit', 'check'],
  ['vitest bench', 'check'],
  ['turbo run test', 'delegated'],
  ['pnpm -r test', 'delegated'],
  ['npm test --workspaces', 'delegated'],
  ['yarn workspaces foreach run test', 'delegated'],
  ['node scripts/x.js', 'file'],
  ['make', 'other'],
])('%s is %s', (line, kind) => {
  expect(meaning(line).kind).toBe(kind);
});
