import type { JsonObject, JsonValue } from '../json.ts';

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

/** What is wrong with a value in the place of a record; `null` where it is one. */
export function faultOfRecord(value: JsonValue): string | null {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? null : 'is not a JSON object';
}
