// What a file is, by its path alone.
import type { CodeLanguage } from '../../core/plan.ts';
import { nameOf } from './source.ts';

const LANGUAGES: Readonly<Record<string, string>> = {
  ...{ ts: 'typescript', tsx: 'typescript', mts: 'typescript', cts: 'typescript' },
  ...{ js: 'javascript', jsx: 'javascript', mjs: 'javascript', cjs: 'javascript' },
  ...{ py: 'python', pyx: 'python', go: 'go', rs: 'rust', java: 'java', kt: 'kotlin', scala: 'scala', cs: 'c#', fs: 'f#', swift: 'swift' },
  ...{ c: 'c', h: 'c', cc: 'c++', cpp: 'c++', cxx: 'c++', hpp: 'c++', rb: 'ruby', php: 'php', ex: 'elixir', exs: 'elixir', erl: 'erlang' },
  ...{ hs: 'haskell', ml: 'ocaml', clj: 'clojure', lua: 'lua', dart: 'dart', zig: 'zig', sh: 'shell', vue: 'vue', svelte: 'svelte' },
};
const OURS: ReadonlySet<string> = new Set<CodeLanguage>(['typescript', 'javascript', 'python', 'go', 'rust']);

/** Folders of code that others wrote or a tool made. */
const FOREIGN =
  /(?:^|\/)(?:node_modules|bower_components|jspm_packages|vendor|vendored|third[_-]party|dist|out|coverage|target|site-packages|\.?venv|__pycache__|\.(?:git|yarn|next|nuxt|tox|nox|cache|svelte-kit|pnpm-store))\//;
const GENERATED =
  /(?:\.min\.[cm]?js|\.bundle\.js|\.d\.[cm]?ts|\.pb\.go|_pb2(?:_grpc)?\.pyi?|\.(?:g|gen|generated)\.[a-z]+|_generated\.[a-z]+)$/;

/** Folders whose projects are somebody's data: samples and what tests are fed with. */
const SAMPLES =
  /(?:^|\/)(?:__?fixtures?_?_|fixtures?|test-?data|__mocks__|mocks|examples?|samples?|templates?|demos?|playgrounds?|benchmarks?|bench|codemods|fuzz|docs?|website|tests?|__tests__|spec|e2e)(?:\/|$)/i;

/** The language of a file of the project's own code, or null: no code, vendored or generated. */
export function languageOf(path: string): string | null {
  const name = nameOf(path);
  const dot = name.lastIndexOf('.');
  const language = dot > 0 ? LANGUAGES[name.slice(dot + 1)] : undefined;
  return language === undefined || FOREIGN.test(path) || GENERATED.test(name) ? null : language;
}

/** Whether a change may be made in a language. */
export function isOurs(language: string): language is CodeLanguage {
  return OURS.has(language);
}

/** Whether a path lies in a folder of installed, vendored or built code. */
export function isForeign(path: string): boolean {
  return FOREIGN.test(path);
}

/** Whether a manifest in this folder is a sample or a fixture, unless a workspace names it. */
export function isSample(dir: string): boolean {
  return SAMPLES.test(dir) || FOREIGN.test(`${dir}/`);
}
