import { createReadStream } from 'node:fs';
import path from 'node:path';
import { errorCode, messageOf, usageError } from '../errors.ts';
import { SUMMARISED, type SummarisedRecord } from '../metrics/row-samples.ts';
import { RUN_FILES } from './folder.ts';
import type { StoredRun } from './read.ts';
import { RecordScanner } from './record-scanner.ts';

const LINE_BREAK = 0x0a;
const READ_BYTES = 1 << 18;

/**
 * What a summary wants of a run's records, in the order in which they ended, as many at a time as
 * one read brings: the whole records, one by one, would take several times as long. A last line that
 * was cut off is left out.
 * @throws TokentapeError (exit 2) for a broken line that is not the last
 */
export async function* readSummarised(run: StoredRun): AsyncGenerator<SummarisedRecord[]> {
  const file = path.join(run.path, RUN_FILES.requests);
  const reader = new LineReader(file);
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: READ_BYTES })) {
      yield reader.take(chunk as Buffer);
    }
    yield reader.takeLast();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    if (errorCode(error) === undefined) throw error;
    throw usageError(`cannot read ${file}: ${messageOf(error)}`);
  }
}

/** Lines to records; what a read leaves of a line waits for the next. */
class LineReader {
  readonly #file: string;
  readonly #scanner = new RecordScanner(SUMMARISED);
  #rest: Buffer = Buffer.alloc(0);
  #lineNumber = 0;
  #tornLine: number | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  take(chunk: Buffer): SummarisedRecord[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const records: SummarisedRecord[] = [];
    let start = 0;
    let end = bytes.indexOf(LINE_BREAK);
    while (end !== -1) {
      this.#line(bytes, start, end, records);
      start = end + 1;
      end = bytes.indexOf(LINE_BREAK, start);
    }
    this.#rest = Buffer.from(bytes.subarray(start));
    return records;
  }

  /** A line without its end. */
  takeLast(): SummarisedRecord[] {
    const records: SummarisedRecord[] = [];
    if (this.#rest.length > 0) this.#line(this.#rest, 0, this.#rest.length, records);
    return records;
  }

  #line(bytes: Buffer, start: number, end: number, records: SummarisedRecord[]): void {
    this.#lineNumber++;
    if (this.#tornLine !== null) {
      throw usageError(`${this.#file}:${this.#tornLine}: not a record, and not the last line`);
    }
    if (end === start) return;
    try {
      records.push(this.#scanner.read(bytes, start, end) as unknown as SummarisedRecord);
    } catch {
      this.#tornLine = this.#lineNumber;
    }
  }
}
