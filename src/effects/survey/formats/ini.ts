// setup.cfg, tox.ini, pytest.ini and .editorconfig: sections, keys, and values that go on in indented lines.

export type Ini = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Sections by name (`''` is what stands before the first), keys in lower case. Lines that are neither are passed over. */
export function parseIni(text: string): Ini {
  const sections = new Map<string, Map<string, string>>();
  let section = '';
  let key: string | null = null;
  for (const line of text.slice(0, 200_000).split(/\r?\n/)) {
    const bare = line.trim();
    if (bare === '' || bare.startsWith('#') || bare.startsWith(';')) continue;
    const fields = sections.get(section) ?? new Map<string, string>();
    sections.set(section, fields);
    const equals = bare.search(/[=:]/);
    if (/^\s/.test(line) && key !== null) fields.set(key, `${fields.get(key) ?? ''}\n${bare}`);
    else if (bare.startsWith('[') && bare.endsWith(']')) {
      section = bare.slice(1, -1).trim();
      key = null;
      if (!sections.has(section)) sections.set(section, new Map());
    } else if (equals > 0) {
      key = bare.slice(0, equals).trim().toLowerCase();
      fields.set(key, bare.slice(equals + 1).trim());
    }
  }
  return sections;
}

/** A field's words: separated by spaces, commas or lines. */
export function words(value: string | undefined): string[] {
  return (value ?? '').split(/[\s,]+/).filter((word) => word !== '' && !word.startsWith('#'));
}
