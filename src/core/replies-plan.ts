// A plan out of a model's reply: tolerant in form, exact about what is missing.
import type { LanguageId, Plan, PlannedCommand, PlannedFile, PlannedPackage, PlannedTest, Violation } from './plan.ts';
import { extensionOf } from './prompt-text.ts';
import { findJson } from './replies-json.ts';

export type PlanReply = { readonly plan: Plan } | { readonly blocked: string } | { readonly violations: readonly Violation[] };

/** Reads a plan's reply. What a plan may lack (packages, commands, `uses`) becomes empty; everything else that is wrong is named. */
export function parsePlanReply(reply: string): PlanReply {
  const found = findJson(reply);
  if ('problem' in found) return { violations: [{ where: 'reply', message: found.problem }] };
  const root = unwrap(found.value);
  if (!isRecord(root)) return { violations: [{ where: 'reply', message: 'the reply is not a JSON object with the fields of a plan' }] };
  const blocked = typeof root['blocked'] === 'string' ? root['blocked'].trim() : '';
  const r = reader();
  const plan: Plan = {
    name: r.text(root, 'name', ''),
    summary: r.text(root, 'summary', ''),
    language: languageOf(root, r),
    runner: r.text(root, 'runner', ''),
    files: r.items(root, 'files', null, (item, at) => fileOf(item, at, r)),
    tests: r.items(root, 'tests', [], (item, at) => testOf(item, at, r)),
    packages: r.items(root, 'packages', [], (item, at) => packageOf(item, at, r)),
    decisions: r.texts(root, 'decisions', ''),
    commands: r.items(root, 'commands', [], (item, at) => commandOf(item, at, r)),
  };
  // A plan that is whole wins over a remark in `blocked`, which some models fill with "no" or "none".
  const whole = r.violations.length === 0 && plan.files.length + plan.tests.length > 0;
  if (blocked && !(whole && isNo(blocked)) && !/^(no|none|n\/a|false)\.?$/i.test(blocked)) return { blocked };
  return r.violations.length > 0 ? { violations: r.violations } : { plan: settled(plan) };
}

function isNo(reason: string): boolean {
  return /^(no|none|nothing|n\/a|false)\b/i.test(reason);
}

function languageOf(root: Rec, r: Reader): LanguageId {
  const word = r.text(root, 'language', '').toLowerCase();
  const language = { ts: 'typescript', js: 'javascript', py: 'python' }[word] ?? word;
  if (language === 'typescript' || language === 'javascript' || language === 'python') return language;
  if (word) r.violations.push({ where: 'language', message: `"${word}" is none of typescript, javascript, python` });
  return 'typescript';
}

function fileOf(item: Rec, at: string, r: Reader): PlannedFile {
  const path = planPath(r.text(item, 'path', at));
  const contract = unfenced(r.optional(item, 'contract', at));
  return { path, purpose: r.text(item, 'purpose', at), contract: isCodePath(path) ? contract : '', uses: r.texts(item, 'uses', at) };
}

function testOf(item: Rec, at: string, r: Reader): PlannedTest {
  return { path: planPath(r.text(item, 'path', at)), checks: r.texts(item, 'checks', at), uses: r.texts(item, 'uses', at) };
}

function packageOf(item: Rec | string, at: string, r: Reader): PlannedPackage {
  if (typeof item === 'string') return { name: item, range: '', dev: false };
  return { name: r.text(item, 'name', at), range: r.optional(item, 'range', at), dev: item['dev'] === true };
}

function commandOf(item: Rec, at: string, r: Reader): PlannedCommand {
  const argv = r.texts(item, 'argv', at);
  return { name: r.optional(item, 'name', at) || argv.join(' '), argv, purpose: r.optional(item, 'purpose', at) };
}

/** True for a path with the extension of a supported language. */
function isCodePath(path: string): boolean {
  return /^([mc]?[tj]s|[tj]sx|py)$/.test(extensionOf(path));
}

function planPath(path: string): string {
  return path.trim().replace(/^(\.\/)+/, '');
}

/** A contract that came inside a fence, without it. */
function unfenced(contract: string): string {
  const match = /^\s*(`{3,})[^\n`]*\n([\s\S]*?)\n?\1\s*$/.exec(contract);
  return (match?.[2] ?? contract).trim();
}

/** Takes the plan out of `{ "plan": {…} }`, `[{…}]` and the like. */
function unwrap(value: unknown): unknown {
  if (Array.isArray(value) && value.length === 1) return unwrap(value[0]);
  if (!isRecord(value) || 'files' in value || 'blocked' in value) return value;
  const values = Object.values(value);
  const inner = values.length === 1 ? values[0] : value['plan'];
  return isRecord(inner) ? unwrap(inner) : value;
}

/** `uses` as paths from the root: relative ones, ones without extension and Python modules are resolved to planned files. */
function settled(plan: Plan): Plan {
  const paths = new Set([...plan.files, ...plan.tests].map((f) => f.path));
  const settle = <T extends { readonly path: string; readonly uses: readonly string[] }>(f: T): T => ({
    ...f,
    uses: [...new Set(f.uses.map((use) => resolveUse(use.trim(), f.path, paths)))].filter((use) => use !== '' && use !== f.path),
  });
  return { ...plan, files: plan.files.map(settle), tests: plan.tests.map(settle) };
}

function resolveUse(use: string, from: string, paths: ReadonlySet<string>): string {
  if (paths.has(use)) return use;
  const relative = /^\.{1,2}\//.test(use);
  const bases = relative ? [joined(from, use), use.replace(/^(\.\/)+/, '')] : [use, use.replaceAll('.', '/')];
  for (const base of bases) {
    const stem = base.replace(/\.[mc]?[tj]sx?$/, '');
    const forms = [
      base,
      ...['.ts', '.js', '.mts', '.mjs', '.tsx', '.jsx', '.py', '/index.ts', '/index.js', '/__init__.py'].map((e) => stem + e),
    ];
    const hit =
      forms.find((form) => paths.has(form)) ??
      (relative ? undefined : forms.map((f) => `src/${f}`).find((f) => f.endsWith('.py') && paths.has(f)));
    if (hit) return hit;
  }
  return use;
}

function joined(from: string, relative: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of relative.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

type Rec = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Rec {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Reader = ReturnType<typeof reader>;

/** Reads fields and notes what is wrong, each with its place in the data. */
function reader() {
  const violations: Violation[] = [];
  const bad = (where: string, message: string) => violations.push({ where, message });
  const place = (at: string, key: string) => (at ? `${at}.${key}` : key);
  const kind = (v: unknown) =>
    v === undefined ? 'it is missing' : `it is ${v === null ? 'null' : Array.isArray(v) ? 'an array' : `a ${typeof v}`}`;
  const optional = (from: Rec, key: string, at = ''): string => {
    const value = from[key];
    if (value === undefined || value === null) return '';
    if (typeof value === 'string') return value;
    bad(place(at, key), `must be a string, but ${kind(value)}`);
    return '';
  };
  const text = (from: Rec, key: string, at: string): string => {
    const value = from[key];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    bad(place(at, key), typeof value === 'string' ? 'must not be empty' : `must be a string, but ${kind(value)}`);
    return '';
  };
  const texts = (from: Rec, key: string, at: string): string[] => {
    const value = from[key] ?? [];
    if (Array.isArray(value) && value.every((v) => typeof v === 'string')) return value;
    bad(place(at, key), `must be an array of strings, but ${Array.isArray(value) ? 'it holds something else' : kind(value)}`);
    return [];
  };
  const items = <T>(from: Rec, key: string, fallback: readonly T[] | null, read: (item: Rec, at: string) => T): readonly T[] => {
    const value = from[key] ?? fallback;
    if (!Array.isArray(value)) {
      bad(key, `must be an array of objects, but ${kind(from[key])}`);
      return [];
    }
    return value.flatMap((item: unknown, i) => {
      const at = `${key}[${i}]`;
      if (isRecord(item) || (key === 'packages' && typeof item === 'string')) return [read(item as Rec, at)];
      bad(at, `must be an object, but ${kind(item)}`);
      return [];
    });
  };
  return { violations, optional, text, texts, items };
}
