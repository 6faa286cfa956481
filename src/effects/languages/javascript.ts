// The language adapter for JavaScript: the same compiler, contracts as TypeScript declarations, lenient checks.
import type { Language } from '../../core/ports.ts';
import { createAdapter, type TypescriptOptions } from './typescript/adapter.ts';

/** Makes the JavaScript adapter; see `createTypescript`. */
export function createJavascript(options: TypescriptOptions = {}): Language {
  return createAdapter('javascript', options);
}
