// Every bench, one after the other, as tables.
// usage: node bench/all.mjs [--runs 7]
import { BYTES_HEAD, bytes } from './bytes.mjs';
import { option, table } from './measure.mjs';
import { MEMORY_HEAD, overhead, TIME_HEAD } from './overhead.mjs';
import { PARALLEL_HEAD, parallel, SIZES_HEAD } from './parallel.mjs';
import { ROUNDS_HEAD, STREAM_HEAD, screen } from './screen.mjs';
import { STARTUP_HEAD, startup } from './startup.mjs';

const runs = option('runs', 7);
const show = (head, rows) => console.log(`${table([head, ...rows])}\n`);

show(STARTUP_HEAD, await startup(runs));
const { times, memory } = await overhead(Math.ceil(runs / 2));
show(TIME_HEAD, times);
show(MEMORY_HEAD, memory);
const drafting = await parallel(Math.ceil(runs / 3), 60, null);
show(PARALLEL_HEAD, drafting.times);
show(SIZES_HEAD, drafting.sizes);
show(BYTES_HEAD, await bytes());
const screens = await screen(1, { rate: 2000, seconds: 20 });
show(STREAM_HEAD, screens.stream);
show(ROUNDS_HEAD, screens.rounds);
console.log(`Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`);
process.exit();
