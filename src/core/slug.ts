// Names that may become part of a branch.

/** Makes a branch-safe slug of any text: lower-case letters, digits and single hyphens, at most 50 characters, never empty. */
export function slugOf(text: string): string {
  const slug = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50)
    .replace(/-+$/, '');
  return slug === '' ? 'run' : slug;
}
