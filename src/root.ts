// Where the package lies. This file sits one folder below the package's root, and so does the bundle (dist/ is flat).
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Absolute path of a file that is shipped with redgreen, such as `prompts` or `demo/task.md`. */
export function packageFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

/** redgreen's version, from its package.json. */
export function version(): string {
  const data = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version?: unknown };
  return String(data.version ?? 'unknown');
}

const ASSETS = { runners: 'src/effects/runners/assets', python: 'src/effects/languages/python/assets' } as const;

/** Folder of scripts that are shipped as they are: beside the bundle, or beside the sources when they run unbuilt. */
export function assetsDir(kind: keyof typeof ASSETS): string {
  const bundled = /\/dist\/[^/]*$/.test(import.meta.url);
  return packageFile(bundled ? `dist/assets/${kind}` : ASSETS[kind]);
}

/** Entry of the compiler's process: beside the bundle, or beside the sources when they run unbuilt. */
export function workerFile(): string {
  return packageFile(/\/dist\/[^/]*$/.test(import.meta.url) ? 'dist/ts-worker.js' : 'src/effects/languages/ts-worker.ts');
}

/** Where the page of a report comes from: our style sheet and script, and the package of its charts. */
export function reportAssets(): { readonly own: string; readonly uplot: string } {
  const bundled = /\/dist\/[^/]*$/.test(import.meta.url);
  return bundled
    ? { own: packageFile('dist/assets/report'), uplot: packageFile('dist/assets/uplot') }
    : { own: packageFile('src/surfaces/report/assets'), uplot: packageFile('node_modules/uplot') };
}
