// Finds what looks like a secret, by its shape: a report leaves the machine. Every pattern is bounded, so time is linear in the text.

export type SecretKind = 'key' | 'private key' | 'token' | 'password in an address' | 'password';

export interface Redacted {
  readonly text: string;
  /** How many of each kind were taken out. */
  readonly found: Readonly<Partial<Record<SecretKind, number>>>;
}

const MARK = '[redacted]';

/** Where a word begins, also after a line break that is written as an escape (`\n` in JSON). */
const WORD = String.raw`(?<=^|[^A-Za-z0-9_]|\\[nrt])`;
const rule = (body: string, flags = 'g') => new RegExp(WORD + body, flags);

/** Keys that begin with their issuer's letters: OpenAI, Anthropic, GitHub, GitLab, AWS, Google, Slack, Stripe, npm, PyPI, Hugging Face, SendGrid. */
const KEYS = rule(
  String.raw`(?:sk-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[\w-]{16,}|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[\w-]{30,}|xox[abeoprs]-[A-Za-z0-9-]{10,}|(?:sk|rk|pk|whsec)_(?:live|test)_[A-Za-z0-9]{16,}|npm_[A-Za-z0-9]{30,}|pypi-[\w-]{40,}|hf_[A-Za-z0-9]{30,}|SG\.[\w-]{16,}\.[\w-]{16,})`,
);
/** What stands after `Bearer`, JSON web tokens, and tokens in a query. */
const BEARER = rule(String.raw`(Bearer\s{1,4})(?=[\w.~+/=-]{0,200}\d)[\w.~+/=-]{16,}`, 'gi');
const BASIC = rule(String.raw`(Authorization\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?(?:Basic|Token)\s{1,4})[\w.~+/=-]{8,}`, 'gi');
const JWT = rule(String.raw`eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}`);
const QUERY = /([?&](?:access_token|auth_token|token|api_?key|key|sig|signature|secret|client_secret|password)=)[^\s&#"'<>`(){}$\\]{8,}/gi;
/** `scheme://user:password@host`, and a long user alone, which is a token. */
const ADDRESS = /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,20}:\/\/)(?:[^\s/@:"'<>`]{0,200}:[^\s/@"'<>`]{1,500}|[^\s/@:"'<>`]{20,500})@/gi;
/** `SOME_TOKEN=…` as in an environment; the value must look made by a machine. */
const ASSIGNED = rule(
  String.raw`([A-Z][A-Z0-9_]{0,60}(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD)\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?)(?=[\w+/=-]{0,200}\d)(?=[\w+/=-]{0,200}[A-Za-z])[\w+/=-]{16,}`,
);

const RULES: readonly { readonly kind: SecretKind; readonly pattern: RegExp; readonly with: string }[] = [
  { kind: 'key', pattern: KEYS, with: MARK },
  { kind: 'token', pattern: BEARER, with: `$1${MARK}` },
  { kind: 'token', pattern: BASIC, with: `$1${MARK}` },
  { kind: 'token', pattern: JWT, with: MARK },
  { kind: 'password in an address', pattern: ADDRESS, with: `$1${MARK}@` },
  { kind: 'token', pattern: QUERY, with: `$1${MARK}` },
  { kind: 'password', pattern: ASSIGNED, with: `$1${MARK}` },
];

/** Anything that a rule could begin with; text without it, nearly all, is returned as it is. */
const HINT =
  /sk-|gh[pousr]_|github_pat_|glpat-|AKIA|ASIA|AIza|xox|_live_|_test_|npm_|pypi-|hf_|SG\.|bearer|authorization|eyJ|:\/\/|[?&]|KEY|TOKEN|SECRET|PASSW/i;

/** Takes out what looks like a secret. */
export function redact(text: string): Redacted {
  if (!HINT.test(text)) return { text, found: {} };
  const found: Partial<Record<SecretKind, number>> = {};
  const count = (kind: SecretKind) => {
    found[kind] = (found[kind] ?? 0) + 1;
  };
  let out = withoutPrivateKeys(text, () => count('private key'));
  for (const { kind, pattern, with: by } of RULES) {
    out = out.replace(pattern, (whole: string, ...groups: unknown[]) => {
      count(kind);
      return by.replace('$1', () => (typeof groups[0] === 'string' ? groups[0] : whole));
    });
  }
  return { text: out, found };
}

const BEGIN = /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/g;
const END = /-----END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/g;
/** Longest private key block. One that does not end is cut where its letters do. */
const LONGEST = 20_000;
const BODY = /[A-Za-z0-9+/=\s\\:,-]{0,20000}/y;

function withoutPrivateKeys(text: string, count: () => void): string {
  if (!text.includes('PRIVATE KEY')) return text;
  const ends = [...text.matchAll(END)].map((end) => ({ from: end.index, to: end.index + end[0].length }));
  let [out, at, next] = ['', 0, 0];
  for (const begin of text.matchAll(BEGIN)) {
    if (begin.index < at) continue;
    const after = begin.index + begin[0].length;
    while ((ends[next]?.from ?? Number.POSITIVE_INFINITY) < after) next++;
    const end = ends[next];
    const stop = end && end.from - after <= LONGEST ? end.to : endOfBody(text, after);
    // The words alone, as in a program that looks for keys, are no key.
    if (stop - after < 40) continue;
    count();
    out += `${text.slice(at, begin.index)}${MARK}`;
    at = stop;
  }
  return out + text.slice(at);
}

function endOfBody(text: string, after: number): number {
  BODY.lastIndex = after;
  return after + (BODY.exec(text)?.[0].length ?? 0);
}
