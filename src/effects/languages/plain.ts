// A language in which code can be changed but not planned: it has no contracts, stubs or mutants, and says so by having none.
import type { CodeLanguage } from '../../core/plan.ts';
import type { Language } from '../../core/ports.ts';

const RULES: Readonly<Partial<Record<CodeLanguage, string>>> = {
  go: `- Go as \`gofmt\` writes it: tabs, sorted imports, no unused imports or variables (the compiler refuses both).
- Errors are values: wrapped with \`fmt.Errorf("…: %w", err)\`, never panics across packages. Modules that go.mod does not name cannot be had.`,
  rust: `- Rust as \`rustfmt\` writes it: four spaces. Errors are \`Result\`s; no \`unwrap\` outside tests where the neighbours have none.
- Crates that Cargo.lock does not name cannot be had. A public item's signature is changed only when the task asks for it.`,
};

/** The adapter for `id`: a plan is a violation, and there is nothing to mend, to stub or to mutate. The compiler speaks when the tests are built. */
export function createPlain(id: CodeLanguage): Language {
  const nothing = async () => ({ mended: [], diagnostics: [] });
  return {
    id,
    rules: RULES[id] ?? '',
    planRules: '',
    vetPlan: async () => [
      { where: 'language', message: `a new project cannot be planned in ${id}: choose typescript, javascript or python` },
    ],
    scaffold: () => ({}),
    stubs: async () => ({}),
    checkTests: nothing,
    check: nothing,
    stubsOf: async () => ({}),
    mutants: async () => [],
    close: async () => {},
  };
}
