// Tests that a script runs from built files: where their sources are.

const BUILT = /^((?:[^/]+\/)*?)(?:dist|build|out|lib|built|compiled|\.?tmp|esm|cjs)[\w.-]*\//;

/**
 * Globs of the TypeScript sources of tests that are named by their built files: none when the files named are there, or no source is found.
 * `matches` tells whether a glob fits any file of the tree.
 */
export function builtFrom(globs: readonly string[], matches: (glob: string) => boolean): readonly string[] {
  if (globs.length === 0 || globs.some(matches)) return [];
  return globs.flatMap((glob) => {
    const typed = glob.replace(/\.([cm]?)js$/, '.$1ts');
    const [, before = ''] = BUILT.exec(typed) ?? [];
    const inner = typed.replace(BUILT, '$1');
    const below = inner.slice(before.length);
    const candidates = [typed, inner, `${before}src/${below}`, `${before}test/${below}`, `${before}source/${below}`];
    const found = candidates.find((candidate) => candidate !== glob && matches(candidate));
    return found === undefined ? [] : [found];
  });
}
