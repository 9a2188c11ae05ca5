import type { JsonObject, JsonValue } from '../json.ts';

/** One record of a data file, with the line it starts on, from 1. */
export interface DataRecord {
  line: number;
  fields: JsonObject;
}

/** Of one record: ten thousand pages. A longer line is no record, and what has no lines has no end. */
export const RECORD_BYTES_MAX = 16 * 1024 * 1024;
/** What is wrong with a longer one. */
export const OVERLONG = `is longer than ${RECORD_BYTES_MAX / 1024 / 1024} MiB`;

/** What is wrong with a data file, and on which of its lines. */
export interface DataFault {
  line: number;
  message: string;
}

/** What is wrong with a value in the place of a record; `null` where it is one. */
export function faultOfRecord(value: JsonValue): string | null {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? null : 'is not a JSON object';
}
