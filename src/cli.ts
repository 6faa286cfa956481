// argv to options, outcome to exit code; the only file that exits. `--version` is answered before anything else is loaded.
import module from 'node:module';
import { version } from './root.ts';

process.exitCode = await start(process.argv.slice(2));
await drained(process.stdout);
await drained(process.stderr);
process.exit();

async function start(argv: readonly string[]): Promise<number> {
  if (argv[0] === '--version' || argv[0] === '-V') {
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 24 || (major === 24 && minor < 15)) {
    process.stderr.write(`redgreen needs Node 24.15 or newer, and this is ${process.versions.node}; install it from https://nodejs.org.\n`);
    return 2;
  }
  const { userDirs } = await import('./config/dirs.ts');
  // In the user's own folder: a cache in a shared /tmp would be code that others can write.
  module.enableCompileCache?.(`${userDirs().cache}/compile`);
  const { main } = await import('./commands/main.ts');
  return main(argv, { quit: (code) => process.exit(code) });
}

/** Resolves when what was written has left the process (pipes are slower than we are), or when nobody reads it any more. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) return resolve();
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });
}
