import { join, resolve } from 'node:path';
import { trustFile } from '../config/dirs.ts';
import { projectRoot } from '../config/project.ts';
import { sanitise } from '../core/sanitise.ts';
import { plural } from '../surfaces/words.ts';
import type { Context, Flags } from './context.ts';

/** `redgreen trust [DIR]`: the project's own prompts, as they are now, may be used. `--revoke` takes it back, `--list` shows all. */
export async function trust(context: Context, args: readonly string[], flags: Flags): Promise<number> {
  const { createTrust, PROJECT_PROMPTS } = await import('../effects/trust.ts');
  const store = createTrust({ file: trustFile(context.dirs) });
  const say = (line: string) => context.stdout.write(`${sanitise(line)}\n`);
  if (flags['list'] === true) {
    const all = await store.list();
    if (all.length === 0) say('No project is trusted.');
    for (const { dir, digest } of all) say(`${digest.slice(0, 12)}  ${dir}`);
    return 0;
  }
  const dir = projectRoot(resolve(context.cwd, args[0] ?? '.'));
  if (flags['revoke'] === true) {
    say((await store.revoke(dir)) ? `${dir} is no longer trusted.` : `${dir} was not trusted.`);
    return 0;
  }
  const entry = await store.trust(dir);
  const names = Object.keys((await store.load(dir))?.folder.files ?? {});
  say(
    `The prompts in ${join(entry.dir, PROJECT_PROMPTS)} may be used as they are now (${plural(names.length, 'file')}: ${names.join(', ')}).`,
  );
  say('When one of them changes, they are not used until you trust them again.');
  return 0;
}
