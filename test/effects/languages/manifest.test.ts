import { expect, test } from 'vitest';
import { mergeManifest, mergeRequirements } from '../../../src/effects/languages/manifest.ts';

const wanted = JSON.stringify({
  name: 'new',
  scripts: { test: 'x' },
  dependencies: { zod: '^4.0.0', yaml: '^2.8.0' },
  devDependencies: { vitest: '^5.1.0' },
});

test('only what is missing is added, sorted, and the rest stays as it was written', () => {
  const existing =
    '{\n\t"name": "mine",\n\t"scripts": { "test": "jest" },\n\t"dependencies": { "zod": "^3.0.0" },\n\t"peerDependencies": { "vitest": "*" }\n}\n';
  const merged = mergeManifest(existing, wanted);
  expect(JSON.parse(merged)).toEqual({
    name: 'mine',
    scripts: { test: 'jest' },
    dependencies: { yaml: '^2.8.0', zod: '^3.0.0' },
    peerDependencies: { vitest: '*' },
  });
  expect(merged).toMatch(/^\{\n\t"name"[\s\S]*\n\}\n$/);
});

test('a manifest that lacks nothing is given back byte for byte', () => {
  const existing = '{"dependencies":{"zod":"*","yaml":"*"},  "devDependencies":{"vitest":"*"}}';
  expect(mergeManifest(existing, wanted)).toBe(existing);
});

test('a package.json that is no object is refused in one sentence', () => {
  expect(() => mergeManifest('[1]', wanted)).toThrow("The repository's package.json is not a JSON object: mend it, then run again.");
});

test('requirements are added where their package is not named, however it is spelled', () => {
  expect(mergeRequirements('Ruamel_YAML>=1\n# mine\n', 'ruamel.yaml\nrequests>=2\n')).toBe('Ruamel_YAML>=1\n# mine\nrequests>=2\n');
  expect(mergeRequirements('a==1', 'A\n')).toBe('a==1');
});
