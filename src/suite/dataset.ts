import { parse } from 'csv-parse/sync';
import { messageOf } from '../errors.ts';
import type { JsonObject, JsonValue } from '../json.ts';

export type DataFormat = 'jsonl' | 'csv';

/** One record of a data file, with the line it starts on, from 1. */
export interface DataRecord {
  line: number;
  fields: JsonObject;
}

/** What is wrong with a data file, and on which of its lines. */
export interface DataFault {
  line: number;
  message: string;
}

export interface Dataset {
  records: DataRecord[];
  faults: DataFault[];
}

/** The format a file's ending says; `undefined` for any other. */
export function formatOf(path: string): DataFormat | undefined {
  if (/\.(jsonl|ndjson)$/i.test(path)) return 'jsonl';
  if (/\.csv$/i.test(path)) return 'csv';
  return undefined;
}

/**
 * Reads records out of a data file: UTF-8, with or without a BOM, any line ends.
 * @param bytes the whole file
 * @returns good records in file order, and a fault for each bad one
 */
export function parseDataset(bytes: Uint8Array, format: DataFormat): Dataset {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes); // takes the BOM away
  } catch {
    return { records: [], faults: [{ line: lineOfBadUtf8(bytes), message: 'is not UTF-8' }] };
  }
  return format === 'jsonl' ? parseJsonLines(text) : parseCsv(text);
}

function parseJsonLines(text: string): Dataset {
  const records: DataRecord[] = [];
  const faults: DataFault[] = [];
  text.split(/\r\n|\n|\r/).forEach((row, index) => {
    if (row.trim() === '') return;
    const line = index + 1;
    try {
      const value = JSON.parse(row) as JsonValue;
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        records.push({ line, fields: value });
      } else {
        faults.push({ line, message: 'is not a JSON object' });
      }
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

function parseCsv(text: string): Dataset {
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
  const [header, ...body] = rows;
  const names = header?.record ?? [];
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
      const message = `has ${record.length} columns where the header has ${names.length}`;
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
