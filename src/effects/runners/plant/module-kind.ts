// Whether Node runs a JavaScript or TypeScript text as an ES module or as CommonJS.
import { Script } from 'node:vm';

/**
 * True for an ES module. The extension decides; where it does not, Node asks whether the text parses as a CommonJS body, and so does
 * this. Nothing is run. In TypeScript, which no parser here reads, a line that begins with `import` or `export` decides.
 */
export function isModule(path: string, text: string): boolean {
  const extension = /\.([cm]?)([jt])sx?$/.exec(path);
  if (extension === null || extension[1] === 'm') return true;
  if (extension[1] === 'c') return false;
  if (extension[2] === 't') return /^(?:import|export)\b(?!\s*\()/m.test(text) && !/^(?:import\s+\w+\s*=\s*require|export\s*=)/m.test(text);
  try {
    new Script(`(function (exports, require, module, __filename, __dirname) {${text.replace(/^#!/, '//')}\n})`);
    return false;
  } catch {
    return true;
  }
}
