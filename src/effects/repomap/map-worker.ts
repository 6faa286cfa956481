// The child process that reads many files at once and ends, so that its memory comes back: a batch a message, records back.
import { extractPrecisely } from './extract-precisely.ts';
import type { Batch } from './reader.ts';
import { joinRecords } from './record.ts';

process.on('message', async (batch: Batch) => {
  const records: Uint32Array[] = [];
  for (const { path, oid, text } of batch) records.push(await extractPrecisely(path, oid, text));
  process.send?.(joinRecords(records));
});
process.on('disconnect', () => process.exit(0));
