import { describe, expect, it, test } from 'vitest';
import type { Body } from '../../../src/core/events.ts';
import { INVISIBLE } from '../../../src/core/sanitise.ts';
import type { Material } from '../../../src/surfaces/report/material.ts';
import { closing, created, middle, opening, plan } from '../events.ts';
import { assets, materialOf, pageOf, sha256 } from './material.ts';

const EVIL = `</script></style></title><script>alert(1)</script><img src=x onerror=alert(2)>"'&\u202e\u200b\u001b]0;owned\u0007\u0000\u2028`;
/** The page without what is ours alone. */
const foreign = (page: string) =>
  page.replace(assets.uplotScript, '').replace(assets.script, '').replace(assets.css, '').replace(assets.uplotCss, '');
const wholeRun: readonly Body[] = [...opening, ...middle, ...closing];

/** A page whose every text is hostile. */
function hostile(): Material {
  const bodies = [
    created.type === 'run.created' ? { ...created, title: EVIL, dir: `/x/${EVIL}` } : created,
    ...wholeRun.slice(1).map((body) => (body.type === 'ended' ? { ...body, reason: EVIL, branch: EVIL } : body)),
    { type: 'note', text: EVIL } as const,
    { type: 'remark', text: EVIL } as const,
  ];
  const evilPlan = { ...plan, summary: EVIL, decisions: [EVIL], files: plan.files.map((f) => ({ ...f, purpose: EVIL, contract: EVIL })) };
  const withPlan = bodies.map((body) =>
    body.type === 'answered' && body.content.kind === 'plan' ? { ...body, content: { kind: 'plan', plan: evilPlan } as const } : body,
  );
  return materialOf(withPlan, {
    task: EVIL,
    rounds: [
      {
        column: 1,
        failing: [{ id: EVIL, message: EVIL, frames: [{ path: EVIL, line: 1 }] }],
        outside: [{ path: EVIL, failure: { message: EVIL, frames: [], outside: true } }],
        broken: EVIL,
        output: EVIL,
        saw: [{ where: EVIL, text: EVIL }],
        turns: [
          {
            attempt: 1,
            model: EVIL,
            text: EVIL,
            calls: [{ name: EVIL, args: [[EVIL, EVIL]], result: EVIL }],
            changed: [EVIL],
            refused: [EVIL],
          },
        ],
      },
    ],
    files: [{ path: EVIL, part: 'code', before: EVIL, after: `${EVIL}\n${EVIL}`, draft: '' }],
    disputes: [{ path: EVIL, reason: EVIL, before: EVIL, after: '' }],
    statement: EVIL,
    left: [EVIL],
  });
}

describe('hostile text', () => {
  const page = pageOf(hostile());

  it('adds no element, no attribute and nothing that cannot be seen', () => {
    expect(page.match(/<script/g)).toHaveLength(2 + (assets.uplotScript + assets.script).split('<script').length - 1);
    expect(foreign(page)).not.toMatch(/<img|<[a-z]+[^>]*\son[a-z]+=/i);
    const hidden = [...foreign(page)].filter((char) => INVISIBLE.test(char) || /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(char));
    expect(hidden).toEqual([]);
    expect(page.split('onerror').length).toBeGreaterThan(40);
    expect(page).toContain('&lt;img src=x onerror=alert(2)&gt;&quot;&#39;&amp;&lt;U+202E&gt;');
  });

  it('stays text in the data for the charts', () => {
    const json = /<script type="application\/json" id="data">([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '';
    expect(json).not.toContain('<');
    expect(JSON.parse(json)).toHaveProperty('tests.passed', [0, 1, 2, 2]);
  });
});

test('the policy lets in one style sheet and one script, by the hashes of what stands there', () => {
  const page = pageOf(materialOf(wholeRun));
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? '';
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
  const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '';
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    `style-src 'sha256-${sha256(style)}'`,
    `script-src 'sha256-${sha256(script)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(page).not.toMatch(/\sstyle=/);
  expect(foreign(page)).not.toMatch(/\b(src|href)="(?!#|data:,")/);
  expect(page.indexOf('redgreen report')).toBeLessThan(200);
});

const inHome: Body = created.type === 'run.created' ? { ...created, dir: '/home/ana/work' } : created;

test('secrets and the home folder do not reach the page, and it says what was taken out', () => {
  const key = ['sk', '-proj-abcdefghijklmnop0123'].join('');
  const bodies: readonly Body[] = [inHome, ...wholeRun.slice(1), { type: 'note', text: `with ${key}` }];
  const page = pageOf(materialOf(bodies, { task: `use ${key} and\n/home/ana/notes.txt` }), '/home/ana');
  expect(page).not.toContain(key);
  expect(page).not.toContain('/home/ana');
  expect(page).toContain('~/work');
  expect(page).toContain('Taken out, because it looked like a secret: 2 keys.');
  expect(pageOf(materialOf(wholeRun))).toContain('Nothing in it looked like a secret');
});

describe('how a run ended is said at the top', () => {
  const top = (m: Material) => /<p class="word">([^<]*)<\/p><p class="why">([^<]*)<\/p>/.exec(pageOf(m))?.slice(1);
  it('green, with how to look and verify', () => {
    const m = materialOf(wholeRun);
    expect(top(m)).toEqual(['green', 'all 2 tests pass, proven in a clean room']);
    expect(pageOf(m)).toContain('git log -p redgreen/wordcount');
  });
  it('interrupted, with how to go on', () => {
    const m = materialOf([
      ...opening,
      { type: 'stopped', reason: 'stopped by the user' },
      { type: 'ended', outcome: 'interrupted', reason: 'stopped by the user', code: null, branch: null, commit: null },
    ]);
    expect(top(m)).toEqual(['interrupted', 'stopped by the user']);
    expect(pageOf(m)).toContain('redgreen resume 20261123-120000-ab12');
  });
  it('running', () => expect(top(materialOf(opening, { running: true }))?.[0]).toBe('running'));
  it('cut off', () => expect(top(materialOf(opening))?.[0]).toBe('cut off'));
  it('before anything happened', () => expect(top(materialOf([created]))?.[0]).toBe('cut off'));
});

test('a run that was paused and resumed, with words of the user, tells of all of it', () => {
  const bodies: Body[] = [
    ...opening,
    { type: 'paused' },
    { type: 'continued' },
    { type: 'remark', text: 'also count lines' },
    ...middle,
    { type: 'resumed', limits: { money: 3, tokens: null, requests: null, rounds: 12, wallMs: null }, lost: [] },
    ...closing,
  ];
  const m = materialOf(bodies);
  expect(m.story.spans.breaks.map((b) => b.kind)).toEqual(['paused', 'stopped']);
  expect(m.story.spans.waits).toHaveLength(1);
  const page = pageOf(m);
  expect(page).toContain('<q>also count lines</q> <span class="dim">a repair was told</span>');
  expect(page.match(/class="b break"/g)?.length).toBeGreaterThan(2);
  expect(page).toContain('waits 1 s (the provider is busy)');
});

test('a plan that is sent back until the run is blocked shows what was wrong and what the model saw', () => {
  const bad: Body = {
    type: 'answered',
    id: 'plan/plan/1',
    step: 'plan',
    subject: 'plan',
    attempt: 1,
    reply: 'a'.repeat(64),
    stop: 'end',
    model: 'openai/gpt-5.4',
    usage: { input: 1, cached: 0, cacheWrite: 0, output: 1, reasoning: 0 },
    cost: null,
    sentCharacters: 1,
    content: { kind: 'bad', violations: [{ where: 'reply', message: 'it is no JSON' }] },
  };
  const saw = [{ where: 'message 1 (user)', text: 'Plan it, please.' }];
  const page = pageOf(materialOf([created, bad], { troubles: [{ trouble: 0, reply: 'The weather is fine.', saw }] }));
  for (const words of ['reply: it is no JSON', 'The weather is fine.', 'Plan it, please.']) expect(page).toContain(words);
});
