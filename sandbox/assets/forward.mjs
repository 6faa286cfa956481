// Runs inside an install box: makes the door's socket reachable as http://127.0.0.1:3128 and runs a command beside it.
// usage: node forward.mjs SOCKET COMMAND ARG...
import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';

const [socket, command, ...args] = process.argv.slice(2);

const server = createServer({ allowHalfOpen: true }, (client) => {
  const door = connect({ path: socket, allowHalfOpen: true });
  client.pipe(door).pipe(client);
  client.on('error', () => door.destroy());
  door.on('error', () => client.destroy());
});
server.listen(3128, '127.0.0.1', () => {
  const child = spawn(command, args, { stdio: 'inherit' });
  child.on('error', (error) => {
    console.error(error.message);
    process.exit(127);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
});
