// Whether a version is in a range, as npm reads ranges (docs: node-semver, "Ranges").

type Version = readonly [number, number, number, readonly string[]];

const VERSION = /^v?(\d+)\.(\d+)\.(\d+)(?:-([\w.-]+))?(?:\+[\w.-]+)?$/;
const PART = String.raw`(\d+|[xX*])(?:\.(\d+|[xX*])(?:\.(\d+|[xX*])(?:-([\w.-]+))?(?:\+[\w.-]+)?)?)?`;
const COMPARATOR = new RegExp(String.raw`^(\^|~>?|>=?|<=?|=)?\s*v?${PART}$`);
const HYPHEN = new RegExp(String.raw`^\s*v?(${PART})\s+-\s+v?(${PART})\s*$`);

function released([major, minor, patch]: Version): Version {
  return [major, minor, patch, []];
}

/** A bound: the operator and the version that it compares with. */
type Bound = readonly ['>=' | '>' | '<' | '<=', Version];

/** True when `version` satisfies `range`; false also when either cannot be read. A prerelease is in a range only where that names one of the same version. */
export function satisfies(version: string, range: string): boolean {
  const parsed = parse(version);
  if (parsed === null) return false;
  return range.split('||').some((part) => {
    const bounds = boundsOf(part.trim());
    return bounds?.every((bound) => isWithin(parsed, bound)) === true && isAllowed(parsed, bounds);
  });
}

function isAllowed(version: Version, bounds: readonly Bound[]): boolean {
  return version[3].length === 0 || bounds.some(([, v]) => v[3].length > 0 && [0, 1, 2].every((i) => v[i] === version[i]));
}

function isWithin(version: Version, [op, bound]: Bound): boolean {
  const order = compare(version, bound);
  if (op === '>=') return order >= 0;
  if (op === '>') return order > 0;
  return op === '<' ? order < 0 : order <= 0;
}

function parse(text: string): Version | null {
  const match = VERSION.exec(text.trim());
  return match === null ? null : [Number(match[1]), Number(match[2]), Number(match[3]), match[4]?.split('.') ?? []];
}

function compare(a: Version, b: Version): number {
  for (const i of [0, 1, 2] as const) if (a[i] !== b[i]) return a[i] - b[i];
  const [one, other] = [a[3], b[3]];
  if (one.length === 0 || other.length === 0) return other.length - one.length;
  for (let i = 0; i < Math.max(one.length, other.length); i++) {
    const order = comparePart(one[i], other[i]);
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  const isNumber = (text: string) => /^\d+$/.test(text);
  if (isNumber(a) && isNumber(b)) return Number(a) - Number(b);
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? -1 : 1;
  return a < b ? -1 : 1;
}

function boundsOf(text: string): readonly Bound[] | null {
  const hyphen = HYPHEN.exec(text);
  if (hyphen !== null) return joined([comparator(`>=${hyphen[1]}`), comparator(`<=${hyphen[6]}`)]);
  const words = text.replace(/(\^|~>?|>=?|<=?|=)\s+/g, '$1').split(/\s+/);
  return joined(words.map((word) => (word === '' ? [] : comparator(word))));
}

function joined(parts: readonly (readonly Bound[] | null)[]): readonly Bound[] | null {
  return parts.includes(null) ? null : parts.flatMap((part) => part ?? []);
}

function comparator(text: string): readonly Bound[] | null {
  const match = COMPARATOR.exec(text);
  if (match === null) return null;
  const [, op = '', ...parts] = match;
  const numbers = parts.slice(0, 3).map((part) => (part === undefined || /[xX*]/.test(part) ? null : Number(part)));
  const known = numbers.indexOf(null) === -1 ? 3 : numbers.indexOf(null);
  const [major, minor, patch] = [0, 1, 2].map((i) => (i < known ? (numbers[i] ?? 0) : 0)) as [number, number, number];
  const low: Version = [major, minor, patch, known === 3 ? (parts[3]?.split('.') ?? []) : []];
  // The first version above everything that the first `count` numbers name; `0` keeps its prereleases out.
  const above = (count: number): Version =>
    count === 1 ? [major + 1, 0, 0, ['0']] : count === 2 ? [major, minor + 1, 0, ['0']] : [major, minor, patch + 1, ['0']];
  if (op === '^') {
    if (known === 0) return [];
    return [
      ['>=', low],
      ['<', above(major > 0 || known === 1 ? 1 : minor > 0 || known === 2 ? 2 : 3)],
    ];
  }
  if (op.startsWith('~'))
    return known === 0
      ? []
      : [
          ['>=', low],
          ['<', above(Math.min(known, 2))],
        ];
  if (known === 0) return op === '<' || op === '>' ? null : [];
  if (op === '' || op === '=')
    return known === 3
      ? [
          ['>=', low],
          ['<=', low],
        ]
      : [
          ['>=', low],
          ['<', above(known)],
        ];
  if (op === '>') return known === 3 ? [['>', low]] : [['>=', released(above(known))]];
  if (op === '<=') return known === 3 ? [['<=', low]] : [['<', above(known)]];
  return [[op as '>=' | '<', low]];
}
