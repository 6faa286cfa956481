// JUnit XML as many tools write it, read with suspicion: the tested process wrote it.
import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** A test as its file tells of it. Every text may be empty. */
export interface JunitCase {
  readonly classname: string;
  readonly name: string;
  /** The attribute `file` of the case, or of the suite around it. */
  readonly file: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** It failed first and passed when it was run again. */
  readonly retried: boolean;
  readonly type: string;
  readonly message: string;
  /** Text of the failure: as a rule a stack. */
  readonly text: string;
}

export type Junit = { readonly cases: readonly JunitCase[]; readonly errors: readonly string[] } | { readonly problem: string };

const MAX_BYTES = 8 * 1024 * 1024;
const MAX_CASES = 10_000;
const MAX_DEPTH = 32;
const MAX_ATTRIBUTE = 4_000;
const MAX_TEXT = 20_000;

/** `preserveOrder` of the parser: each node is an object of one tag, and perhaps of attributes. */
type Node = Readonly<Record<string, unknown>>;
type Attributes = Readonly<Record<string, string>>;

const PARSER = {
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  // Entities are decoded below: five names and numbers, no declarations.
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  cdataPropName: '#cdata',
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: MAX_DEPTH,
};

/** Reads one file. Never throws: what is no well-formed JUnit XML, has a document type or is too large or deep is a `problem`. `errors` are those of suites. */
export function readJunit(xml: string): Junit {
  if (Buffer.byteLength(xml) > MAX_BYTES) return { problem: 'it is larger than 8 MiB' };
  // Colours of terminals come through in many tools, and are no XML.
  const text = xml.replace(/^\ufeff/, '').replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '');
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) return { problem: 'it declares a document type' };
  try {
    const valid = XMLValidator.validate(text);
    if (valid !== true) return { problem: `it is no well-formed XML (line ${valid.err.line}: ${valid.err.msg.slice(0, 200)})` };
    const found: Found = { cases: [], errors: [] };
    const nodes: unknown = new XMLParser(PARSER).parse(text);
    const roots = Array.isArray(nodes) ? (nodes as Node[]).filter((node) => /^testsuites?$/.test(tagOf(node))) : [];
    if (roots.length === 0) return { problem: 'it has no element testsuites or testsuite' };
    for (const root of roots) walk(root, '', found);
    return found.cases.length >= MAX_CASES ? { problem: `it has more than ${MAX_CASES} tests` } : found;
  } catch (error) {
    return { problem: `it cannot be read (${(error as Error).message.slice(0, 200)})` };
  }
}

interface Found {
  readonly cases: JunitCase[];
  readonly errors: string[];
}

/** Suites may hold suites. `file` is that of the nearest suite that names one. */
function walk(suite: Node, file: string, found: Found): void {
  const own = attribute(attributesOf(suite), 'file') || file;
  for (const child of childrenOf(suite)) {
    const tag = tagOf(child);
    if (/^testsuites?$/.test(tag)) walk(child, own, found);
    else if (tag === 'testcase' && found.cases.length < MAX_CASES) found.cases.push(caseOf(child, own));
    else if (tag === 'error' || tag === 'failure')
      found.errors.push(saidOf(child).message || saidOf(child).text || 'an error of the suite');
  }
}

function caseOf(node: Node, file: string): JunitCase {
  const attributes = attributesOf(node);
  const inside = childrenOf(node);
  const bad = inside.find((child) => /^(?:failure|error)$/.test(tagOf(child)));
  const isSkipped =
    inside.some((child) => tagOf(child) === 'skipped') || /^(?:notrun|disabled|skipped|ignored)$/i.test(attribute(attributes, 'status'));
  return {
    classname: attribute(attributes, 'classname'),
    name: attribute(attributes, 'name'),
    file: attribute(attributes, 'file') || file,
    status: bad ? 'failed' : isSkipped ? 'skipped' : 'passed',
    retried: inside.some((child) => /^flaky(?:Failure|Error)$/.test(tagOf(child))),
    ...(bad ? saidOf(bad) : { type: '', message: '', text: '' }),
  };
}

function saidOf(node: Node): Pick<JunitCase, 'type' | 'message' | 'text'> {
  const attributes = attributesOf(node);
  return { type: attribute(attributes, 'type'), message: attribute(attributes, 'message'), text: textOf(node) };
}

function tagOf(node: Node): string {
  return Object.keys(node).find((key) => key !== ':@') ?? '';
}

function childrenOf(node: Node): readonly Node[] {
  const inside = node[tagOf(node)];
  return Array.isArray(inside) ? (inside as Node[]) : [];
}

function attributesOf(node: Node): Attributes {
  return (node[':@'] ?? {}) as Attributes;
}

function attribute(attributes: Attributes, name: string): string {
  const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return typeof value === 'string' ? decode(value.slice(0, MAX_ATTRIBUTE)) : '';
}

/** Text and CDATA sections of an element. */
function textOf(node: Node): string {
  const parts = childrenOf(node).flatMap((child) => {
    if (typeof child['#text'] === 'string') return [decode(child['#text'].slice(0, MAX_TEXT))];
    const inner = Array.isArray(child['#cdata']) ? (child['#cdata'] as Node[]) : [];
    return inner.map((one) => (typeof one['#text'] === 'string' ? one['#text'].slice(0, MAX_TEXT) : ''));
  });
  return parts.join('').slice(0, MAX_TEXT);
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(/&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([\da-fA-F]{1,6}));/g, (whole, name, decimal, hex) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}
