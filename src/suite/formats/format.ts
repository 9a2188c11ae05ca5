import type { JsonObject, JsonValue } from '../../json.ts';
import type { ColumnsFor } from '../dataset.ts';
import type { MappedFields } from '../mapping.ts';
import type { Expectation, Turn } from '../types.ts';

/** What an entry of `data` says of its records beyond their format. */
export interface FormatOptions {
  /** Name of the file, without folder and endings. */
  stem: string;
  /** Of a conversation, only so many turns. */
  maxTurns?: number | undefined;
  /** What the user says, all turns together. */
  minCharacters?: number | undefined;
  maxCharacters?: number | undefined;
}

/** What a record comes to: a case, nothing as the format's own users leave it out, or what is wrong with it. */
export type ReadRecord = MappedFields | 'left out' | string[];

/** A public format: how its records become cases that can be graded. */
export interface PublicFormat {
  /** Whether a record is of this format, by its fields alone. */
  fits(fields: JsonObject): boolean;
  read(fields: JsonObject, options: FormatOptions): ReadRecord;
  /** Of formats that come as CSV without a head line. */
  columnsFor?: ColumnsFor;
}

/** Takes typed fields out of a record and gathers what is wrong with it. */
export class FieldReader {
  readonly faults: string[] = [];
  readonly #fields: JsonObject;

  constructor(fields: JsonObject) {
    this.#fields = fields;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#fields, name);
  }

  value(name: string): JsonValue | undefined {
    if (this.has(name)) return this.#fields[name];
    this.fault(`the field ${name} is missing`);
    return undefined;
  }

  /** A text that is not blank; else the empty one, and a fault. */
  text(name: string): string {
    const value = this.value(name);
    if (typeof value === 'string' && value.trim() !== '') return value;
    if (value !== undefined)
      this.fault(`the field ${name} is ${value === '' ? 'empty' : 'no text'}`);
    return '';
  }

  fault(message: string): void {
    this.faults.push(message);
  }
}

/** A case of one prompt. */
export function singlePrompt(
  text: string,
  expect: Expectation[],
  parts: { id?: string; reference?: string; wrong?: string; tags?: string[] } = {},
): MappedFields {
  const { reference = null, wrong = null } = parts;
  const turn: Turn = { text, expect, reference, wrong };
  return {
    ...{ id: parts.id ?? null, system: null, turns: [turn] },
    ...(parts.tags !== undefined && { tags: parts.tags }),
  };
}
