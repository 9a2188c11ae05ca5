import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Problem } from '../diagnostics/types.ts';
import { errorCode, messageOf } from '../errors.ts';
import { isInside } from '../inside.ts';
import type { JsonObject } from '../json.ts';
import type { Random } from '../random.ts';
import { readDataFile, unpacked } from './data-bytes.ts';
import { type DataLayout, layoutOf, recordsIn } from './dataset.ts';
import type { ReadRecord } from './formats/format.ts';
import { publicFormat } from './formats/index.ts';
import { type MappedFields, mapRecord } from './mapping.ts';
import type { DataFault } from './record.ts';
import type { DataEntry } from './schema.ts';

/** Problems listed of one data file; a file with the wrong mapping has one for each line. */
const LISTED_PROBLEMS_MAX = 10;

/** A record as a case: its id, made up where the file has none, and the line it came from. */
export interface ImportedRecord extends MappedFields {
  id: string;
  line: number;
}

export interface ImportedData {
  /** The data file's path. */
  path: string;
  /** As they lie on the disk; empty where it could not be read. */
  bytes: Uint8Array;
  records: ImportedRecord[];
  problems: Problem[];
}

/**
 * Reads the cases of one `data` entry.
 * @param dir folder of the suite file, which the entry's path is relative to
 * @param place where the entry's file is named in the suite file, for a file that cannot be read
 * @param random draws the sample, where the entry asks for one
 * @param options.isNamed the user named the data file: only one that a suite names has to lie beside it
 */
export function importData(
  entry: DataEntry,
  dir: string,
  place: Omit<Problem, 'message'>,
  random: Random,
  { isNamed = false }: { isNamed?: boolean } = {},
): ImportedData {
  const path = resolve(dir, entry.file);
  const failed = (message: string, remedy: string): ImportedData => ({
    ...{ path, bytes: new Uint8Array(), records: [] },
    problems: [{ ...place, message, remedy }],
  });
  const layout = layoutFor(entry);
  if (layout === undefined) {
    return failed(
      `${entry.file} is neither .jsonl, .json nor .csv`,
      'say which: format: jsonl, json or csv',
    );
  }
  try {
    if (!isNamed && !isInside(path, dir)) {
      return failed(
        `${entry.file} leads out of the folder of the suite`,
        'put the file beside the suite, or run it by itself: -s FILE',
      );
    }
    if (!statSync(path).isFile()) return failed(`${entry.file} is no file`, 'name a file of data');
    const bytes = readDataFile(path, layout);
    const { records, problems } = readRecords(unpacked(bytes, path), layout, entry, path);
    if (problems.length > 0) return { path, bytes, records, problems };
    if (records.length === 0) return failed(...emptyOf(entry));
    return { path, bytes, records: sampleOf(records, entry.sample, random), problems };
  } catch (error) {
    const reason = errorCode(error) ?? messageOf(error);
    return failed(`cannot read ${path} (${reason})`, 'paths are relative to the suite file');
  }
}

/** A public format says nothing of how its records lie; where the ending does not either, they lie in lines. */
function layoutFor({ file, format }: DataEntry): DataLayout | undefined {
  if (format === 'jsonl' || format === 'json' || format === 'csv') return format;
  return layoutOf(file) ?? (format === undefined ? undefined : 'json');
}

/** Name of a data file, without folder and endings. */
export function stemOf(path: string): string {
  return basename(path).replace(/(?:\.[a-z]+)?(?:\.gz)?$/i, '');
}

function emptyOf({ file, format }: DataEntry): [message: string, remedy: string] {
  return format === 'sharegpt'
    ? [`${file} has no conversation that fits`, 'see min_characters and max_characters']
    : [`${file} has no records`, 'fill it or take the entry out'];
}

function readRecords(bytes: Uint8Array, layout: DataLayout, entry: DataEntry, path: string) {
  const format = entry.format === undefined ? undefined : publicFormat(entry.format);
  const stem = stemOf(path);
  const options = {
    ...{ stem, maxTurns: entry.max_turns },
    ...{ minCharacters: entry.min_characters, maxCharacters: entry.max_characters },
  };
  const read = (fields: JsonObject): ReadRecord =>
    format?.read(fields, options) ?? mapRecord(fields, entry.map ?? {});
  const records: ImportedRecord[] = [];
  const faults: DataFault[] = [];
  let [number, taken] = [0, 0];
  for (const record of recordsIn(bytes, layout, format?.columnsFor)) {
    if ('message' in record) {
      faults.push(record);
      continue;
    }
    if (taken === entry.limit) break;
    number++;
    const { line, fields } = record;
    const found = read(fields);
    if (found === 'left out') continue;
    taken++;
    if (Array.isArray(found)) faults.push(...found.map((message) => ({ line, message })));
    else records.push({ ...found, id: found.id ?? `${stem}-${number}`, line });
  }
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

/** So many of the records, drawn by the seed, in the file's order. */
function sampleOf(
  records: ImportedRecord[],
  wanted: number | undefined,
  random: Random,
): ImportedRecord[] {
  if (wanted === undefined || wanted >= records.length) return records;
  const drawn = new Set(random.shuffle(records).slice(0, wanted));
  return records.filter((record) => drawn.has(record));
}
