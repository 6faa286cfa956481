// The language adapter for TypeScript.
import type { Language } from '../../core/ports.ts';
import { createAdapter, type TypescriptOptions } from './typescript/adapter.ts';

export type { TypescriptOptions } from './typescript/adapter.ts';
export { createWorkerClient, type WorkerClient, type WorkerOptions } from './typescript/client.ts';

/**
 * Makes the TypeScript adapter. The compiler runs in a child process that starts with the first job and goes when it idles.
 * Its methods throw `RedgreenError('language')` when that process fails.
 */
export function createTypescript(options: TypescriptOptions = {}): Language {
  return createAdapter('typescript', options);
}
