// Properties that hold for whatever is thrown at the gates and parsers of the host.
import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConnect, targetOf } from '../../../sandbox/index.ts';
import { applyShownEdit } from '../../../src/core/edits.ts';
import { checkPath, checkStructure, findCollisions, foldPath, isBuildFile, isSteering, writeGate } from '../../../src/core/guard.ts';
import { fence, visible } from '../../../src/core/prompt-text.ts';
import { reveal, unreveal } from '../../../src/core/reveal.ts';
import { oneLine, sanitise } from '../../../src/core/sanitise.ts';
import { auditLock, auditManifest } from '../../../src/effects/box-lock.ts';
import { escapeControls } from '../../../src/surfaces/jsonl.ts';
import { anyText, hostileText, path, RUNS } from './arbitraries.ts';

/** Spellings that some file system takes for the same name. */
const spellings = (text: string) =>
  ['NFC', 'NFD', 'NFKC', 'NFKD'].flatMap((form) => {
    const normal = text.normalize(form);
    return [normal, normal.toLowerCase(), normal.toUpperCase()];
  });

describe('F1 the path gate', () => {
  it('accepts nothing that leaves the tree, on any system and in any spelling', () => {
    fc.assert(
      fc.property(path, (one) => {
        if (checkPath(one) !== null) return;
        for (const spelled of spellings(one)) {
          const joined = posix.join('/tree', spelled);
          expect(joined.startsWith('/tree/') && !joined.includes('/../')).toBe(true);
          expect(win32.resolve('C:\\tree', spelled).startsWith('C:\\tree\\')).toBe(true);
          expect(checkStructure(spelled)).toBeNull();
          expect(spelled).not.toMatch(/[\u0000-\u001f\u007f-\u009f\\:]/);
        }
        expect(foldPath(one).split('/')).not.toContain('.git');
      }),
      { numRuns: 5_000 },
    );
  });

  it('answers alike for every normal form of a path', () => {
    fc.assert(
      fc.property(path, (one) => checkPath(one) !== null || checkPath(one.normalize('NFC')) === null),
      RUNS,
    );
  });

  it('lets no repair write what is locked, in any spelling, nor what steers', () => {
    fc.assert(
      fc.property(path, fc.array(path, { maxLength: 4 }), (one, locked) => {
        const gate = writeGate({ planned: [], locked: [one, ...locked] });
        for (const spelled of [one, ...spellings(one)])
          if (foldPath(spelled) === foldPath(one)) expect(gate(spelled)).toHaveProperty('reason');
        const open = writeGate({ planned: [one], locked: [] })(one);
        if ('ok' in open) expect(isSteering(one) && !isBuildFile(one)).toBe(false);
      }),
      RUNS,
    );
  });

  it('tells every two names that fold alike', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'A', 'b', 'a/b', 'A/c', 'é', 'e\u0301', 'ſ', 's', 'S/x'), { maxLength: 5 }), (paths) => {
        const folds = paths.map(foldPath);
        const clash = folds.some((fold, i) => folds.indexOf(fold) !== i || folds.some((other) => other.startsWith(`${fold}/`)));
        expect(findCollisions(paths).length > 0 || !clash).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('F2 the sanitiser', () => {
  it('leaves nothing that a terminal obeys or a reader cannot see, and changes nothing the second time', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const shown = sanitise(text);
        expect(shown).not.toMatch(
          /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u,
        );
        expect(sanitise(shown)).toBe(shown);
        expect(shown.isWellFormed()).toBe(true);
        expect(oneLine(text, 40)).not.toMatch(/[\n\r\u001b]/);
        const json = escapeControls(JSON.stringify(text));
        expect(JSON.parse(json)).toBe(text);
        expect(json).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u200b]/);
      }),
      RUNS,
    );
  });
});

describe('F3 file contents in a prompt', () => {
  it('are written out so that every character comes back', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const shown = reveal(text);
        if (shown !== text) expect(unreveal(shown)).toBe(text);
        expect(visible(shown)).toBe(shown.replaceAll('\r\n', '\n'));
        if (visible(text) === text) expect(shown).toBe(text);
      }),
      { numRuns: 3_000 },
    );
  });

  it('can be edited as they are shown, and keep the rest', () => {
    fc.assert(
      fc.property(hostileText, hostileText, hostileText, (before, middle, after) => {
        const text = `${before}«${middle}»${after}`.toWellFormed();
        fc.pre(text.split('«').length === 2 && text.split('»').length === 2 && !text.includes('\r') && !text.startsWith('\ufeff'));
        const shown = reveal(text);
        const find = shown.slice(shown.indexOf('«'), shown.indexOf('»') + 1);
        const edited = applyShownEdit(text, find, 'new');
        const expected = `${text.slice(0, text.indexOf('«'))}new${text.slice(text.indexOf('»') + 1)}`;
        expect('text' in edited && edited.text).toBe(expected);
      }),
      RUNS,
    );
  });

  it('stand in a fence that they cannot end', () => {
    const fences = fc
      .array(fc.constantFrom('`', '``', '```', '````', '~~~', '\n', ' ', 'a', '\r'), { maxLength: 30 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(fences, hostileText), anyText, (text, label) => {
        const lines = fence(text, label).split('\n');
        const ticks = /^`{3,}/.exec(lines[0] ?? '')?.[0] ?? '';
        const closing = lines.findIndex((line, i) => i > 0 && new RegExp(`^ {0,3}\`{${ticks.length},}\\s*$`).test(line));
        expect(closing).toBe(lines.length - 1);
        expect(lines[0]).toMatch(/^`+[\w+-]*$/);
      }),
      RUNS,
    );
  });
});

describe('F5 manifests and lock files', () => {
  const REGISTRY = 'https://registry.example/';
  const good = { version: '1.0.0', resolved: `${REGISTRY}a.tgz`, integrity: `sha512-${'A'.repeat(86)}==` };
  const foreign = fc.oneof(
    fc.constantFrom(
      'https://registry.example.evil/a.tgz',
      'http://registry.example/a.tgz',
      'https://registry.example@evil/a',
      'https://registry.example:1/a',
      'git+ssh://x/y',
      'file:../a',
      '../a',
      '',
      'https:registry.example.evil',
      'HTTPS://EVIL/',
      '//registry.example/a',
      'https://registry.example\\@evil/a',
      'https://registry.example%00.evil/',
    ),
    fc.webUrl(),
    fc.string(),
  );

  it('let nothing pass that is not from the registry, wherever it stands', () => {
    fc.assert(
      fc.property(foreign, fc.boolean(), fc.boolean(), (resolved, inBundle, isOld) => {
        fc.pre(!(URL.canParse(resolved) && new URL(resolved).origin === new URL(REGISTRY).origin && new URL(resolved).username === ''));
        const entry = { ...good, resolved, inBundle };
        const lock = isOld
          ? { lockfileVersion: 2, packages: { 'node_modules/a': good }, dependencies: { a: { ...good, dependencies: { b: entry } } } }
          : { lockfileVersion: 3, packages: { 'node_modules/a': good, 'node_modules/a/node_modules/b': entry } };
        expect(auditLock(JSON.stringify(lock), REGISTRY).join()).toContain('not the registry');
      }),
      RUNS,
    );
  });

  it('of any shape are answered in words', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), hostileText), path, fc.anything(), (text, name, value) => {
        auditManifest('package.json', text);
        auditLock(text, REGISTRY);
        const json = JSON.stringify({ lockfileVersion: 3, packages: { [name]: value ?? null } }) ?? '';
        const accepted = auditLock(json, REGISTRY).length === 0;
        if (accepted && name !== '') expect(name).toMatch(/^(?:node_modules\/(?:@[\w.~-]+\/)?[\w.~-]+\/?)+$/);
      }),
      RUNS,
    );
  });

  it('ask for nothing but versions', () => {
    fc.assert(
      fc.property(fc.oneof(foreign, hostileText), (spec) => {
        if (auditManifest('package.json', JSON.stringify({ dependencies: { a: spec } })).length === 0) expect(spec).not.toMatch(/[:/@#\\]/);
      }),
      RUNS,
    );
  });
});

describe('F6 the door', () => {
  const head = fc
    .array(
      fc.constantFrom(
        'CONNECT ',
        'GET ',
        'registry.example',
        '.evil',
        '\0',
        ':443',
        ':22',
        ' HTTP/1.1',
        '\r\n',
        '\n',
        ' ',
        '@',
        '[::1]',
        '127.0.0.1',
        '0x7f.1',
        '%00',
        'Host: x',
        '。',
        'ｅ',
        '.',
        '/',
      ),
      { maxLength: 9 },
    )
    .map((parts) => parts.join(''));
  it('reads a request in one way only, and never one for an address', () => {
    fc.assert(
      fc.property(fc.oneof(head, anyText), (text) => {
        const request = parseConnect(text);
        if (request === null) return;
        const first = text.split('\r\n')[0] ?? '';
        expect(first.toLowerCase()).toMatch(new RegExp(`^connect ${request.host.replaceAll('.', '\\.')}:${request.port} http/1\\.[01]$`));
        expect(request.host).toMatch(/^[a-z0-9.-]+$/);
        expect(request.host).not.toMatch(/^[\d.]+$/);
        expect(targetOf(`https://${request.host}:${request.port}/`)).toBe(`${request.host}:${request.port}`);
      }),
      { numRuns: 5_000 },
    );
  });
});
