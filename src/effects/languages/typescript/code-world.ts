// The world of code as it stands, without a plan.
import type { Files } from '../../../core/ref.ts';
import { ts } from './compiler.ts';
import { isCode, isRelative, packageOf } from './paths.ts';
import { jsOptions } from './planned.ts';
import { BASE_OPTIONS, type World } from './world.ts';

/** A world of the code files of a tree; packages that they import are taken as `any`. JavaScript is read along, and not checked. */
export function codeWorld(files: Files, options: World['options'] = {}): World {
  const code = Object.entries(files).filter(([path]) => isCode(path) && !path.startsWith('node_modules/'));
  return {
    files: new Map(code),
    contracts: new Map(),
    packages: [...new Set(code.flatMap(([, text]) => packagesIn(text)))].sort(),
    depsDir: null,
    options: { ...BASE_OPTIONS, ...jsOptions(), checkJs: false, jsx: ts.JsxEmit.Preserve, ...options },
  };
}

function packagesIn(text: string): string[] {
  const { importedFiles } = ts.preProcessFile(text, true, true);
  const bare = importedFiles.map((each) => each.fileName).filter((name) => !isRelative(name) && !/^[/#]|:/.test(name));
  return bare.map(packageOf);
}
