import { closeSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Problem } from '../diagnostics/types.ts';
import { errorCode, messageOf } from '../errors.ts';
import { readDataFile, unpacked } from './data-bytes.ts';
import { type DataLayout, layoutOf, recordsIn } from './dataset.ts';
import { formatOfRecord, PUBLIC_FORMAT_NAMES, PUBLIC_FORMATS } from './formats/index.ts';
import type { SuiteSource } from './read.ts';
import type { DataFault, DataRecord } from './record.ts';
import type { SuiteFile } from './schema.ts';

/** Of a data file that is run as it is: public ones have thousands of records, and each model gets all. */
export const DATA_CASES = 100;
/** So much of a file is looked at for its first record. */
const PEEKED_BYTES = 4 * 1024 * 1024;
const DATA_REMEDY = 'one JSON object a line, one JSON list, or CSV with a head line; all in UTF-8';

/**
 * A suite of a data file alone, its format told by the fields of its first record.
 * @param cases drawn of its records by the seed of the run
 */
export function dataSuite(path: string, cases: number): SuiteSource | Problem {
  const problem = (message: string, remedy: string, line = 0): Problem => ({
    ...{ file: path, line, column: Math.min(line, 1), path: '', message, remedy },
  });
  let first: DataRecord | DataFault | undefined;
  try {
    first = firstRecord(path, layoutOf(path) ?? 'jsonl');
  } catch (error) {
    const reason = errorCode(error) ?? messageOf(error);
    return problem(`cannot be read (${reason})`, 'give the path of a data file or of a suite');
  }
  if (first === undefined) return problem('has no records', 'fill it or give another file');
  if ('message' in first) return problem(first.message, DATA_REMEDY, first.line);
  const format = formatOfRecord(first.fields);
  if (format === undefined && typeof first.fields.prompt !== 'string') {
    return problem(
      `its records are of no format known (${PUBLIC_FORMAT_NAMES.join(', ')}), nor have they a field prompt`,
      'write a suite that says which of their fields is what: `data` and `map` in docs/suites.md',
    );
  }
  const file: SuiteFile = {
    description: `${format ?? 'prompts'}, up to ${cases} records of ${path} drawn by the seed`,
    nonce: true,
    data: [{ file: resolve(path), sample: cases, ...(format !== undefined && { format }) }],
  };
  const locate = () => ({ line: 0, column: 0 });
  return { path, text: `${format ?? ''}\0${cases}`, file, problems: [], locate };
}

/** The first good record, or else what is wrong with the first; `undefined` where there is none at all. */
function firstRecord(path: string, layout: DataLayout): DataRecord | DataFault | undefined {
  // Rows of CSV may go over many lines; files of it are small.
  const [bytes, isWhole] = layout === 'csv' ? [readDataFile(path, layout), true] : headOf(path);
  const head = unpacked(bytes, path, isWhole);
  const lineEnd = head.lastIndexOf('\n');
  const lines = isWhole || lineEnd < 0 ? head : head.subarray(0, lineEnd);
  let fault: DataFault | undefined;
  for (const record of recordsIn(lines, layout, PUBLIC_FORMATS.mmlu.columnsFor)) {
    if ('fields' in record) return record;
    fault ??= record;
  }
  return fault;
}

function headOf(path: string): [bytes: Buffer, isWhole: boolean] {
  const fd = openSync(path, 'r');
  try {
    const head = Buffer.allocUnsafe(PEEKED_BYTES);
    const length = readSync(fd, head, 0, PEEKED_BYTES, 0);
    return [head.subarray(0, length), length < PEEKED_BYTES];
  } finally {
    closeSync(fd);
  }
}
