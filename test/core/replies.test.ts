import { describe, expect, test } from 'vitest';
import type { Stop } from '../../src/core/model.ts';
import { joinCut, parseFileReply } from '../../src/core/replies.ts';

const TS = 'src/a.ts';
const CODE = 'export const a = 1;\nexport const b = 2;\n';
const inTags = (body: string, path = TS) => `<file path="${path}">\n${body}</file>`;
const README = '# Title\n\n```sh\nnpm test\n```\n\nMore.\n\n```ts\nconst x = 1;\n```\n';

describe('parseFileReply finds the file', () => {
  const cases: [name: string, reply: string, path: string, text: string][] = [
    ['between tags', inTags(CODE), TS, CODE],
    ['with prose around', `Here it is:\n\n${inTags(CODE)}\n\nI hope this helps!`, TS, CODE],
    ['after a byte order mark, with CRLF', `\ufeff${inTags(CODE).replaceAll('\n', '\r\n')}`, TS, CODE],
    [
      'after visible reasoning that mentions tags',
      `<think>I write\n<file path="src/a.ts">\nno\n</file>\n</think>\n${inTags(CODE)}`,
      TS,
      CODE,
    ],
    ['in tags with a fence inside', inTags(`\`\`\`ts\n${CODE}\`\`\`\n`), TS, CODE],
    ['in tags inside a fence', `\`\`\`xml\n${inTags(CODE)}\n\`\`\``, TS, CODE],
    ['in tags with single quotes and ./', `<file path='./src/a.ts'>\n${CODE}</file>`, TS, CODE],
    ['in tags with a bare path', `<file src/a.ts>\n${CODE}</file>`, TS, CODE],
    ['in tags without a path', `<file>\n${CODE}</file>`, TS, CODE],
    ['in tags that name the file alone', inTags(CODE, 'a.ts'), TS, CODE],
    ['on the lines of the tags', `<file path="src/a.ts">${CODE.trim()}</file>`, TS, CODE],
    ['without a closing tag, when the reply ended by itself', `<file path="src/a.ts">\n${CODE}`, TS, CODE],
    ['among others', `${inTags('other();\n', 'src/b.ts')}\n${inTags(CODE)}`, TS, CODE],
    ['given twice: the last counts', `${inTags('first();\n')}\nBetter:\n${inTags(CODE)}`, TS, CODE],
    [
      'that holds balanced tags itself',
      inTags(`const t = \`\n${inTags('x\n', 'y')}\n\`;\n`),
      TS,
      `const t = \`\n${inTags('x\n', 'y')}\n\`;\n`,
    ],
    ['that holds a lone closing tag', inTags('const t = `\n</file>\n`;\n'), TS, 'const t = `\n'],
    ['in one fence', `\`\`\`ts\n${CODE}\`\`\``, TS, CODE],
    ['in a fence with prose around', `Sure.\n\n\`\`\`typescript\n${CODE}\`\`\`\nDone.`, TS, CODE],
    [
      'in a long fence that holds fences',
      `\`\`\`\`ts\nconst t = \`\n\`\`\`\nx\n\`\`\`\n\`;\n\`\`\`\``,
      TS,
      'const t = `\n```\nx\n```\n`;\n',
    ],
    ['in a fence that holds a marked fence', `\`\`\`ts\n/*\n\`\`\`sh\nls\n\`\`\`\n*/\nx();\n\`\`\``, TS, '/*\n```sh\nls\n```\n*/\nx();\n'],
    ['in a tilde fence', `~~~ts\n${CODE}~~~`, TS, CODE],
    ['as the one block of its language', `\`\`\`ts\n${CODE}\`\`\`\n\nRun it:\n\n\`\`\`bash\nnode src/a.ts\n\`\`\``, TS, CODE],
    ['by the path before its block', `**src/b.ts**\n\`\`\`ts\nb();\n\`\`\`\n\n**src/a.ts**\n\`\`\`ts\n${CODE}\`\`\``, TS, CODE],
    ['bare', CODE, TS, CODE],
    ['bare, without a last line break', CODE.trim(), TS, CODE],
    ['Markdown in tags, fences kept', inTags(README, 'README.md'), 'README.md', README],
    [
      'Markdown that begins and ends with a fence',
      inTags('```sh\na\n```\n\ntext\n\n```sh\nb\n```\n', 'README.md'),
      'README.md',
      '```sh\na\n```\n\ntext\n\n```sh\nb\n```\n',
    ],
    ['Markdown in tags and a Markdown fence', inTags(`\`\`\`markdown\n${README}\`\`\`\n`, 'README.md'), 'README.md', README],
    ['Markdown in a Markdown fence', `\`\`\`markdown\n${README}\`\`\``, 'README.md', README],
    ['Markdown in a longer fence', `Here:\n\`\`\`\`md\n${README}\`\`\`\``, 'README.md', README],
    ['Markdown bare', README, 'README.md', README],
    ['empty, where that is usual', '<file path="pkg/__init__.py">\n</file>', 'pkg/__init__.py', ''],
    ['with its indentation', inTags('  a\n\tb\n'), TS, '  a\n\tb\n'],
  ];
  test.each(cases)('%s', (_, reply, path, text) => expect(parseFileReply(reply, path, 'end')).toEqual({ text }));

  test('closed before the reply was cut off', () => {
    expect(parseFileReply(`${inTags(CODE)}\nThis file`, TS, 'length')).toEqual({ text: CODE });
    expect(parseFileReply(`\`\`\`ts\n${CODE}\`\`\`\nThis`, TS, 'length')).toEqual({ text: CODE });
  });
});

describe('parseFileReply gives what came of a reply that was cut off, in whole lines', () => {
  test.each([
    ['in tags', `<file path="src/a.ts">\n${CODE}export con`, 'length', CODE],
    ['in a fence', `\`\`\`ts\n${CODE}export con`, 'length', CODE],
    ['in a fence in tags', `<file path="src/a.ts">\n\`\`\`ts\n${CODE}exp`, 'context', CODE],
    ['with fences inside that are closed', `\`\`\`ts\n/*\n\`\`\`sh\nls\n\`\`\`\n*/\nx`, 'length', '/*\n```sh\nls\n```\n*/\n'],
    ['bare', `${CODE}export con`, 'length', CODE],
    ['in half a closing tag', `<file path="src/a.ts">\n${CODE}</fi`, 'length', CODE],
    ['Markdown in tags', `<file path="README.md">\n${README}And`, 'length', README],
    ['one long line', '<file path="src/a.ts">\nexport const long = "aaaa', 'length', 'export const long = "aaaa'],
  ])('%s', (name, reply, stop, cut) => {
    expect(parseFileReply(reply, name.startsWith('Markdown') ? 'README.md' : TS, stop as Stop)).toEqual({ cut });
  });
});

describe('parseFileReply says what is wrong', () => {
  test.each([
    ['an empty reply', '  \n', 'end', 'the reply is empty'],
    ['a refusal', 'I cannot do that.', 'refusal', 'refused or filtered'],
    ['a filter', inTags(CODE), 'filter', 'refused or filtered'],
    ['reasoning without end', '<think>hmm', 'length', 'used up before the file began'],
    ['a tag and no more', '<file path="src/a.ts">\n', 'length', 'used up before the file began'],
    ['empty tags', '<file path="src/a.ts">\n\n</file>', 'end', 'the file is empty'],
    ['an empty fence', '```ts\n```', 'end', 'the file is empty'],
    ['another file', inTags(CODE, 'src/b.ts'), 'end', 'the reply holds src/b.ts; reply with src/a.ts alone'],
    ['two other files', `${inTags(CODE, 'src/b.ts')}\n${inTags(CODE, 'src/c.ts')}`, 'end', 'the reply holds src/b.ts, src/c.ts'],
    ['two blocks of its language', '```ts\na\n```\n\n```ts\nb\n```', 'end', '2 code blocks'],
  ])('%s', (_, reply, stop, message) => {
    expect(parseFileReply(reply, TS, stop as Stop)).toEqual({ violations: [{ where: TS, message: expect.stringContaining(message) }] });
  });
});

describe('joinCut', () => {
  const half = 'import a from "a";\n\nexport function one() {\n  return 1;\n}\n\nexport function two() {\n';
  const rest = '  return 2;\n}\n';

  test.each([
    ['a rest that goes on', rest, half + rest],
    ['a rest that repeats the last line', `export function two() {\n${rest}`, half + rest],
    ['a rest that repeats the last lines', `}\n\nexport function two() {\n${rest}`, half + rest],
    ['a rest that is the whole file', half + rest, half + rest],
    [
      'a rest that starts the file anew, otherwise',
      'import a from "a";\n\nexport function one() {\n  return 1;\n}\n',
      'import a from "a";\n\nexport function one() {\n  return 1;\n}\n',
    ],
  ])('%s', (_, piece, whole) => expect(joinCut(half, piece)).toBe(whole));

  test('keeps short lines that only look like a repetition', () => {
    expect(joinCut('a {\n  b {\n  }\n', '  }\n}\n')).toBe('a {\n  b {\n  }\n  }\n}\n');
    expect(joinCut('', 'x\n')).toBe('x\n');
  });

  test('gives the file back from any cut, with or without a repeated stretch', () => {
    const file = Array.from({ length: 40 }, (_, i) => `  const value${i} = compute(${i * 7});`).join('\n');
    for (let cut = 100; cut < file.length - 60; cut += 37) {
      for (const back of [0, 30, 45, 90]) expect(joinCut(file.slice(0, cut), file.slice(cut - back))).toBe(file);
    }
  });
});
