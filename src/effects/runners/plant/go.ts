// Canaries for test files of Go.
import type { Planted } from '../../../core/ports.ts';
import { testId } from '../../../core/report.ts';
import { createWords } from './words.ts';

interface Canary {
  /** In words; null for one that must pass. */
  readonly kind: string | null;
  /** Statements that use the test's parameter `t`. */
  body(name: string, other: string): string;
}

const CANARIES: readonly Canary[] = [
  { kind: 'an error by t.Errorf', body: (name, other) => `if got := "${other}"; got != "" { t.Errorf("got %q: %s", got, "${name}") }` },
  { kind: 'an end by t.Fatal', body: (name) => `t.Fatal("${name}")` },
  { kind: 'an end by t.FailNow', body: (name) => `t.Log("${name}"); t.FailNow()` },
  { kind: null, body: (name) => `if got := "${name}"; got == "" { t.Fatal(got) }` },
  { kind: null, body: (name) => `t.Log("${name}")` },
];

/** Plants tests into a file of Go; null for one that declares no test, or knows `testing` by another name. */
export function plantGo(path: string, text: string, nonce: string): Planted | null {
  if (!/^func[ \t]+(?:Test|Fuzz)[^a-z(]/m.test(text) || !/^(?:import[ \t]+|[ \t]+)"testing"/m.test(text)) return null;
  const words = createWords(nonce, path, text);
  const pass: string[] = [];
  const fail: Record<string, string> = {};
  const lines = words.mix(CANARIES).map(({ kind, body }) => {
    const name = `Test${capital(words.word())}${capital(words.word())}`;
    const id = testId(path, [name], new Map());
    if (kind === null) pass.push(id);
    else fail[id] = kind;
    return `func ${name}(t *testing.T) { ${body(name, words.word())} }`;
  });
  return { text: `${text}\n\n${lines.join('\n')}\n`, pass, fail };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
