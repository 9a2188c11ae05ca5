import { readFileSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import type { Problem } from '../diagnostics/types.ts';
import { errorCode, messageOf } from '../errors.ts';
import { type DataFormat, formatOf, parseDataset } from './dataset.ts';
import { type MappedFields, mapRecord } from './mapping.ts';
import type { DataEntry } from './schema.ts';

/** Problems listed of one data file; a file with the wrong mapping has one for each line. */
const LISTED_PROBLEMS_MAX = 10;

/** A mapped record: its id, made up where the file has none, and the line it came from. */
export interface ImportedRecord extends MappedFields {
  id: string;
  line: number;
}

export interface ImportedData {
  /** The data file's path. */
  path: string;
  /** Empty where it could not be read. */
  bytes: Uint8Array;
  records: ImportedRecord[];
  problems: Problem[];
}

/**
 * Reads the cases of one `data` entry.
 * @param dir folder of the suite file, which the entry's path is relative to
 * @param place where the entry's file is named in the suite file, for a file that cannot be read
 */
export function importData(
  entry: DataEntry,
  dir: string,
  place: Omit<Problem, 'message'>,
): ImportedData {
  const path = resolve(dir, entry.file);
  const failed = (message: string, remedy: string): ImportedData => ({
    ...{ path, bytes: new Uint8Array(), records: [] },
    problems: [{ ...place, message, remedy }],
  });
  const format = entry.format ?? formatOf(entry.file);
  if (format === undefined) {
    return failed(`${entry.file} is neither .jsonl nor .csv`, 'say which: format: jsonl or csv');
  }
  try {
    const bytes = readFileSync(path);
    const { records, problems } = readRecords(bytes, format, entry, path);
    if (records.length > 0 || problems.length > 0) return { path, bytes, records, problems };
    return failed(`${entry.file} has no records`, 'fill it or take the entry out');
  } catch (error) {
    const reason = errorCode(error) ?? messageOf(error);
    return failed(`cannot read ${path} (${reason})`, 'paths are relative to the suite file');
  }
}

function readRecords(bytes: Uint8Array, format: DataFormat, entry: DataEntry, path: string) {
  const dataset = parseDataset(bytes, format);
  const stem = basename(path, extname(path));
  const records: ImportedRecord[] = [];
  const faults = [...dataset.faults];
  dataset.records.slice(0, entry.limit).forEach(({ line, fields }, index) => {
    const mapped = mapRecord(fields, entry.map ?? {});
    if (Array.isArray(mapped)) faults.push(...mapped.map((message) => ({ line, message })));
    else records.push({ ...mapped, id: mapped.id ?? `${stem}-${index + 1}`, line });
  });
  faults.sort((a, b) => a.line - b.line);
  const problems = faults
    .slice(0, LISTED_PROBLEMS_MAX)
    .map(({ line, message }): Problem => ({ file: path, line, column: 1, path: '', message }));
  const more = faults.length - problems.length;
  if (more > 0) {
    problems.push({ file: path, line: 0, column: 0, path: '', message: `and ${more} more` });
  }
  return { records, problems };
}
