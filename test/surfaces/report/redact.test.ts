import { describe, expect, it } from 'vitest';
import { redact } from '../../../src/surfaces/report/redact.ts';

// Put together here, so that no scanner takes this file for a leak.
const key = (...parts: string[]) => parts.join('');
const pem = ['-----BEGIN RSA PRI', 'VATE KEY-----\n', 'MIIEowIBAAKCAQEAx7\n'.repeat(5), '-----END RSA PRI', 'VATE KEY-----'].join('');

describe('what looks like a secret is taken out', () => {
  const cases: [name: string, text: string, after: string][] = [
    ['OpenAI', `use ${key('sk', '-proj-abcDEF0123456789xyz')} here`, 'use [redacted] here'],
    ['Anthropic', key('sk', '-ant-api03-abcdefghijklmnop_-'), '[redacted]'],
    ['GitHub', `token=${key('gh', 'p_abcdefghijklmnopqrstuvwxyz0123456789')};`, 'token=[redacted];'],
    ['GitHub, fine', key('github', '_pat_11ABCDEFG0abcdefghijkl_mnop'), '[redacted]'],
    ['AWS', `"${key('AK', 'IAIOSFODNN7EXAMPLE')}"`, '"[redacted]"'],
    ['Google', key('AI', 'zaSyA1234567890abcdefghijklmnopqrstu'), '[redacted]'],
    ['Slack', key('xo', 'xb-123456789012-abcdef'), '[redacted]'],
    ['Stripe', key('sk', '_live_abcdefghijklmnop1234'), '[redacted]'],
    ['bearer', 'Authorization: Bearer abc123def456ghi789', 'Authorization: Bearer [redacted]'],
    ['basic', 'authorization: "Basic dXNlcjpwYXNz"', 'authorization: "Basic [redacted]"'],
    ['JWT', `x ${key('ey', 'JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-DEF_123')} y`, 'x [redacted] y'],
    ['address', 'postgres://admin:hunter2@db.example.org:5432/x', 'postgres://[redacted]@db.example.org:5432/x'],
    ['token as user', 'https://abcdefghijklmnopqrstuvwx@github.com/a/b', 'https://[redacted]@github.com/a/b'],
    ['query', 'GET /x?a=1&api_key=abcdef123456&b=2', 'GET /x?a=1&api_key=[redacted]&b=2'],
    ['environment', 'MY_SERVICE_TOKEN=abcdefgh12345678ijkl', 'MY_SERVICE_TOKEN=[redacted]'],
    ['private key', `a\n${pem}\nb`, 'a\n[redacted]\nb'],
    ['private key, cut off', `a ${pem.slice(0, 90)}`, 'a [redacted]'],
    [
      'keys in JSON',
      String.raw`{"a":"x\n${key('sk', '-abcdefghijklmnop1234')}\nAPI_TOKEN=abcdefgh12345678ijkl\nBearer abc123def456ghi789"}`,
      String.raw`{"a":"x\n[redacted]\nAPI_TOKEN=[redacted]\nBearer [redacted]"}`,
    ],
    ['private key in JSON', JSON.stringify({ k: pem }), '{"k":"[redacted]"}'],
  ];
  for (const [name, text, after] of cases) it(name, () => expect(redact(text).text).toBe(after));
});

describe('what only looks a little like one stays', () => {
  const cases = [
    'the desk-top-publishing-of-today and risk-averse-people',
    'const sk = "sk-" + name; // sk-short',
    "import x from 'https://example.com:8080/@types/node'; git@github.com:a/b.git ssh://git@github.com/a",
    `if (text.startsWith('${key('-----BEGIN PRI', 'VATE KEY-----')}')) return`,
    'bearer responsibilities and bearer acknowledgements',
    'fetch(`/x?token=$' + '{token}`)',
    'const API_KEY = process.env.API_KEY; MAX_TOKENS: 4096',
    `sha256:${'0123456789abcdef'.repeat(4)} commit ${'a1'.repeat(20)}`,
    'eyJust a word. Really. Yes',
  ];
  for (const text of cases) it(text.slice(0, 40), () => expect(redact(text)).toEqual({ text, found: {} }));
});

it('counts what it took out, by kind', () => {
  const text = `${key('sk', '-abcdefghijklmnop1234')} ${key('AK', 'IAIOSFODNN7EXAMPLE')} ${pem} https://a:b@c.d`;
  expect(redact(text).found).toEqual({ key: 2, 'private key': 1, 'password in an address': 1 });
});
