// Canaries for test files of Rust.
import type { Planted } from '../../../core/ports.ts';
import { testId } from '../../../core/report.ts';
import { createWords } from './words.ts';

interface Canary {
  /** In words; null for one that must pass. */
  readonly kind: string | null;
  readonly attribute?: string;
  readonly returns?: string;
  body(name: string, other: string): string;
}

const CANARIES: readonly Canary[] = [
  { kind: 'a panic', body: (name) => `panic!("${name}")` },
  { kind: 'assert_eq! of different texts', body: (name, other) => `assert_eq!("${name}", "${other}")` },
  { kind: 'assert! of what is false', body: (name, other) => `assert!("${other}".is_empty(), "${name}")` },
  { kind: 'a returned error', returns: " -> Result<(), &'static str>", body: (name) => `Err("${name}")` },
  { kind: null, body: (name) => `assert_eq!("${name}", "${name}")` },
  { kind: null, attribute: '#[should_panic]', body: (name) => `panic!("${name}")` },
];

/** Plants tests into a file of Rust, in a module of their own where the file is a source file; null for a file that holds no test. */
export function plantRust(path: string, text: string, nonce: string): Planted | null {
  if (!path.endsWith('.rs') || !/^\s*#\[(?:\w+::)*test\b/m.test(text)) return null;
  const words = createWords(nonce, path, text);
  const module = words.word();
  const isTarget = /(?:^|\/)tests\/(?:[^/]+|[^/]+\/main)\.rs$/.test(path);
  const pass: string[] = [];
  const fail: Record<string, string> = {};
  const lines = words.mix(CANARIES).map(({ kind, attribute = '', returns = '', body }) => {
    const name = words.name('_').toLowerCase();
    const id = testId(path, isTarget ? [name] : [module, name], new Map());
    if (kind === null) pass.push(id);
    else fail[id] = kind;
    return `#[test] ${attribute} fn ${name}()${returns} { ${body(name, words.word())} }`;
  });
  const planted = isTarget ? lines : [`#[cfg(test)] mod ${module} {`, ...lines, '}'];
  return { text: `${text}\n\n${planted.join('\n')}\n`, pass, fail };
}
