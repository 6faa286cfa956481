// Swaps a folder for a link and back, as fast as it can. usage: node swapper.mjs FOLDER TARGET
import { renameSync, symlinkSync, unlinkSync } from 'node:fs';

const [folder, target] = process.argv.slice(2);
const aside = `${folder}.aside`;
process.stdout.write('ready\n');
for (;;) {
  try {
    renameSync(folder, aside);
    symlinkSync(target, folder);
    unlinkSync(folder);
    renameSync(aside, folder);
  } catch {
    // The other side made or moved something in between: go on from what is there.
    try {
      unlinkSync(folder);
    } catch {}
    try {
      renameSync(aside, folder);
    } catch {}
  }
}
