import { constants } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { messageOf } from '../errors.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { isJsonList, recordsOfList } from './json-list.ts';
import {
  type DataFault,
  type DataRecord,
  faultOfRecord,
  OVERLONG,
  RECORD_BYTES_MAX,
} from './record.ts';

/** How records lie in a file: one a line, in one list, or in rows. */
export type DataLayout = 'jsonl' | 'json' | 'csv';

/** The names of a CSV file's columns by its first line; `null` where that line names them itself. */
export type ColumnsFor = (firstLine: readonly string[]) => readonly string[] | null;

/** The layout a file's ending says, `.gz` behind it or not; `undefined` for any other. */
export function layoutOf(path: string): DataLayout | undefined {
  const ending = /\.(jsonl|ndjson|json|csv)(?:\.gz)?$/i.exec(path)?.[1]?.toLowerCase();
  return ending === 'ndjson' ? 'jsonl' : (ending as DataLayout | undefined);
}

/**
 * Reads records out of a data file: UTF-8, with or without a BOM, any line ends.
 * @param bytes the whole file
 * @param layout of `json`, a file that holds no list is read line by line: many are called so
 * @param columnsFor names of the columns of a CSV file, by its first line, where that is no head line
 * @returns good records in file order, and a fault for each bad one, which may come before them
 */
export function* recordsIn(
  bytes: Uint8Array,
  layout: DataLayout,
  columnsFor: ColumnsFor = () => null,
): Generator<DataRecord | DataFault> {
  if (layout === 'json' && isJsonList(bytes)) {
    yield* recordsOfList(bytes);
    return;
  }
  if (bytes.length > constants.MAX_STRING_LENGTH) {
    yield {
      line: 1,
      message: 'is too large to be read by lines: split it, or make it one JSON list',
    };
    return;
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes); // takes the BOM away
  } catch {
    yield { line: lineOfBadUtf8(bytes), message: 'is not UTF-8' };
    return;
  }
  const { records, faults } = layout === 'csv' ? parseCsv(text, columnsFor) : parseJsonLines(text);
  yield* faults;
  yield* records;
}

interface Parsed {
  records: DataRecord[];
  faults: DataFault[];
}

function parseJsonLines(text: string): Parsed {
  const records: DataRecord[] = [];
  const faults: DataFault[] = [];
  text.split(/\r\n|\n|\r/).forEach((row, index) => {
    if (row.trim() === '') return;
    const line = index + 1;
    if (row.length > RECORD_BYTES_MAX) {
      faults.push({ line, message: OVERLONG });
      return;
    }
    try {
      const value = JSON.parse(row) as JsonValue;
      const fault = faultOfRecord(value);
      if (fault === null) records.push({ line, fields: value as JsonObject });
      else faults.push({ line, message: fault });
    } catch (error) {
      faults.push({ line, message: `is not JSON: ${messageOf(error)}` });
    }
  });
  return { records, faults };
}

interface CsvRow {
  record: string[];
  /** `lines`: the line the record ends on. */
  info: { lines: number };
}

function parseCsv(text: string, columnsFor: ColumnsFor): Parsed {
  const faults: DataFault[] = [];
  let rows: CsvRow[] = [];
  try {
    // One kind of line end, in quotes as well: csv-parse counts a quoted CRLF as two lines.
    rows = parse(text.replace(/\r\n?/g, '\n'), {
      info: true,
      record_delimiter: '\n',
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as CsvRow[];
  } catch (error) {
    const line = (error as { lines?: unknown }).lines;
    faults.push({ line: typeof line === 'number' ? line : 1, message: messageOf(error) });
  }
  const [header, ...below] = rows;
  const columns = header === undefined ? null : columnsFor(header.record);
  const names = columns ?? header?.record ?? [];
  const body = columns === null ? below : rows;
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    faults.push({ line: 1, message: `names the column ${repeated} twice` });
  }
  const records: DataRecord[] = [];
  for (const { record, info } of body) {
    const breaks = record.join('').match(/\n/g)?.length ?? 0;
    const line = info.lines - breaks;
    if (record.length === names.length) {
      const fields = Object.fromEntries(names.map((name, index) => [name, record[index] ?? '']));
      records.push({ line, fields });
    } else {
      const wanted =
        columns === null ? `the header has ${names.length}` : `${names.length} are due`;
      const message = `has ${record.length} columns where ${wanted}`;
      faults.push({ line, message });
    }
  }
  return { records, faults };
}

function lineOfBadUtf8(bytes: Uint8Array): number {
  // Decoded leniently, the first replacement character that the bytes do not spell out is the fault.
  const lenient = new TextDecoder('utf-8').decode(bytes);
  const encoder = new TextEncoder();
  let line = 1;
  let offset = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (const row of lenient.split('\n')) {
    const encoded = encoder.encode(row);
    if (!encoded.every((byte, index) => bytes[offset + index] === byte)) return line;
    offset += encoded.length + 1;
    line += 1;
  }
  return line;
}
