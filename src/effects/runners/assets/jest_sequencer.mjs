// Jest runs the files in the order in which we name them.
import { files, pathOf } from './jest_reporter.mjs';

// biome-ignore lint/style/noDefaultExport: jest takes a sequencer as a module's default export.
export default class Sequencer {
  shard(tests) {
    return tests;
  }
  sort(tests) {
    return [...tests].sort((a, b) => files.indexOf(pathOf(a.path)) - files.indexOf(pathOf(b.path)));
  }
  allFailedTests(tests) {
    return tests;
  }
  cacheResults() {}
}
