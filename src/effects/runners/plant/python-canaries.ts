// What the canaries in test files of Python do.
import type { Words } from './words.ts';

/** A test of ours. One that must fail names `name` in its failure. */
export interface PythonCanary {
  /** In words; null for one that must pass. */
  readonly kind: string | null;
  readonly isAsync?: boolean;
  /** Its statements. */
  body(name: string, other: string): readonly string[];
}

/** For classes of unittest. */
export function caseCanaries(words: Words): readonly PythonCanary[] {
  const x = words.word();
  const rest = [
    'self.assertNotEqual(1, 1)',
    'self.assertFalse(True)',
    `self.assertIs('${x}', None)`,
    'self.assertIsNot(None, None)',
    'self.assertIsNone(1)',
    'self.assertIsNotNone(None)',
    `self.assertIn('${x}', [])`,
    `self.assertNotIn(1, [1])`,
    `self.assertIsInstance('${x}', int)`,
    'self.assertAlmostEqual(1.0, 2.0)',
    'self.assertGreater(1, 2)',
    'self.assertGreaterEqual(1, 2)',
    'self.assertLess(2, 1)',
    'self.assertLessEqual(2, 1)',
    `self.assertRegex('${x}', '^[0-9]+$')`,
    'self.assertCountEqual([1], [2])',
    'self.assertListEqual([1], [2])',
    'self.assertDictEqual({1: 1}, {1: 2})',
    `self.assertMultiLineEqual('${x}', 'a')`,
    `self.assertRaisesRegex(ValueError, '${x}', int, 'a')`,
    `self.fail('${x}')`,
  ].map((call) => `lambda: ${call}`);
  return [
    { kind: 'assertEqual of different texts', body: (name, other) => [`self.assertEqual('${name}', '${other}')`] },
    { kind: 'assertEqual of different lists', body: (name, other) => [`self.assertEqual(['${name}'], ['${other}'])`] },
    { kind: 'assertTrue of what is false', body: (name, other) => [`self.assertTrue('${other}' == '', '${name}')`] },
    {
      kind: 'assertRaises, where nothing is raised',
      body: (name) => [`with self.assertRaises(KeyError, msg='${name}'):`, '    pass'],
    },
    { kind: 'a raised error', body: (name) => [`raise RuntimeError('${name}')`] },
    { kind: 'a false assert', body: (name, other) => [`assert '${other}' == '', '${name}'`] },
    { kind: 'one of the other assertions', body: eachRaises(rest, words) },
    { kind: 'a raised error in a coroutine', isAsync: true, body: (name) => [`raise RuntimeError('${name}')`] },
    { kind: 'assertEqual in a coroutine', isAsync: true, body: (name, other) => [`self.assertEqual('${name}', '${other}')`] },
    {
      kind: null,
      body: (name) => [
        `self.assertEqual(['${name}'], ['${name}'])`,
        `with self.assertRaisesRegex(ValueError, '${name}'):`,
        `    raise ValueError('${name}')`,
      ],
    },
  ];
}

/** For functions and plain classes of pytest; `pytest` is its local name. */
export function functionCanaries(pytest: string, words: Words): readonly PythonCanary[] {
  const [x, a, b] = [words.word(), words.word(), words.word()];
  const helpers = [`def ${a}():`, `    assert 1.0 == ${pytest}.approx(2.0)`, `def ${b}():`, `    assert '${x}' in []`];
  const rest = [
    a,
    b,
    `lambda: ${pytest}.raises(ValueError, int, '1')`,
    `lambda: ${pytest}.raises(ValueError, match='${x}').__exit__(None, None, None)`,
  ];
  return [
    { kind: 'a false assert of two texts', body: (name, other) => [`assert '${name}' == '${other}', '${name}'`] },
    { kind: 'a false assert of two lists', body: (name, other) => [`assert ['${name}', 1] == ['${other}', 1], '${name}'`] },
    { kind: 'a false assert of a value', body: (name) => [`${x} = []`, `assert ${x}, '${name}'`] },
    {
      kind: 'pytest.raises, where nothing is raised',
      body: (name) => [`with ${pytest}.raises(type('${name}', (Exception,), {})):`, '    pass'],
    },
    { kind: 'pytest.fail', body: (name) => [`${pytest}.fail('${name}')`] },
    { kind: 'a raised error', body: (name) => [`raise RuntimeError('${name}')`] },
    {
      kind: 'a raised error in a coroutine',
      body: (name) => ['import asyncio', `async def ${x}():`, `    raise RuntimeError('${name}')`, `asyncio.run(${x}())`],
    },
    { kind: 'one of the other assertions', body: (name) => [...helpers, ...eachRaises(rest, words)(name)] },
    {
      kind: null,
      body: (name) => [
        `assert ['${name}'] == ['${name}']`,
        `with ${pytest}.raises(ValueError, match='${name}'):`,
        `    raise ValueError('${name}')`,
      ],
    },
  ];
}

/** Fails with the name only when each of the functions raises. */
function eachRaises(functions: readonly string[], words: Words): (name: string) => readonly string[] {
  const [count, one] = [words.word(), words.word()];
  return (name) => [
    `${count} = 0`,
    `for ${one} in [${words.mix(functions).join(', ')}]:`,
    '    try:',
    `        ${one}()`,
    '    except BaseException:',
    `        ${count} += 1`,
    `if ${count} == ${functions.length}:`,
    `    raise RuntimeError('${name}')`,
  ];
}
