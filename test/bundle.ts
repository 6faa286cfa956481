// A script with its screen as one file: Node does not strip .tsx, and ink is as fast as in a release only when it is bundled as there.
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';

/** Bundles the script at `input` into the folder `dir` and gives the file's path. Other chunks stand beside it. */
export async function bundle(input: string, dir: string): Promise<string> {
  const build = await rolldown({
    input,
    platform: 'node',
    plugins: [
      {
        name: 'no-devtools',
        resolveId: (id) => (id === 'react-devtools-core' ? '\0none' : null),
        load: (id) => (id === '\0none' ? 'export default {};' : null),
      },
    ],
    transform: { define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' } },
    onLog: () => {},
  });
  await build.write({ dir, format: 'esm' });
  await build.close();
  return join(dir, basename(input).replace(/\.tsx?$/, '.js'));
}
