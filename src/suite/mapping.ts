import type { JsonObject, JsonValue } from '../json.ts';
import { expectationSchema } from './expectation-schema.ts';
import type { DataMap } from './schema.ts';
import { turnsGradedAtEnd } from './turns.ts';
import type { Expectation, Turn } from './types.ts';

/** What a record gives a case: everything else comes from the suite file. */
export interface MappedFields {
  id: string | null;
  system: string | null;
  turns: Turn[];
  tags?: string[];
}

/** Gathers what is wrong with one record, so that all of it is reported at once. */
type Complain = (message: string) => void;

/**
 * Turns a record into the fields of a case.
 * @param map which field is what; without prompt and turns, the field `prompt`
 * @returns the fields, or every reason why there are none
 */
export function mapRecord(fields: JsonObject, map: DataMap): MappedFields | string[] {
  const faults: string[] = [];
  const complain: Complain = (message) => faults.push(message);
  const expect = [map.expect ?? []].flat();
  const reference = map.reference === undefined ? null : textOf(fields, map.reference, complain);
  const mapped: MappedFields = {
    id: map.id === undefined ? null : textField(fields, map.id, complain),
    turns: turnsGradedAtEnd(
      textsOf(fields, map, complain),
      expect.flatMap((template) => expectationOf(fields, template, complain)),
      reference,
    ),
    system: map.system === undefined ? null : textOf(fields, map.system, complain),
  };
  return faults.length > 0 ? [...new Set(faults)] : mapped;
}

function textsOf(fields: JsonObject, map: DataMap, complain: Complain): string[] {
  if (map.turns === undefined) {
    const prompt = textOf(fields, map.prompt ?? 'prompt', complain);
    return prompt === null ? [] : [prompt];
  }
  const turns = fieldAt(fields, map.turns);
  if (Array.isArray(turns) && turns.length > 0 && turns.every((turn) => typeof turn === 'string')) {
    return turns as string[];
  }
  complain(turns === undefined ? missing(map.turns) : `the field ${map.turns} is no list of texts`);
  return [];
}

/** A field's name, or a template with fields in braces. */
function textOf(fields: JsonObject, source: string, complain: Complain): string | null {
  if (!/\{[^{}]+\}/.test(source)) return textField(fields, source, complain);
  return source.replace(/\{([^{}]+)\}/g, (_, path: string) => {
    return textField(fields, path.trim(), complain) ?? '';
  });
}

function textField(fields: JsonObject, path: string, complain: Complain): string | null {
  const value = fieldAt(fields, path);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string' && value.trim() !== '') return value;
  if (value === undefined) complain(missing(path));
  else complain(`the field ${path} is ${value === '' ? 'empty' : 'no text'}`);
  return null;
}

function expectationOf(
  fields: JsonObject,
  template: JsonObject,
  complain: Complain,
): Expectation[] {
  const resolved = resolve(template, fields, complain);
  if (resolved === undefined) return [];
  const result = expectationSchema.safeParse(resolved);
  if (result.success) return [result.data as Expectation];
  for (const issue of result.error.issues) {
    complain(`${['expect', ...issue.path].join('.')}: ${issue.message}`);
  }
  return [];
}

/** A copy of `value` with `$field` replaced; `undefined` where a field is missing. */
function resolve(value: JsonValue, fields: JsonObject, complain: Complain): JsonValue | undefined {
  if (typeof value === 'string') {
    if (value.startsWith('$$')) return value.slice(1);
    if (!value.startsWith('$') || value === '$') return value;
    const found = fieldAt(fields, value.slice(1));
    if (found === undefined) complain(missing(value.slice(1)));
    return found;
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => resolve(item, fields, complain));
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(
    ([key, item]) => [key, resolve(item, fields, complain)] as const,
  );
  if (entries.some(([, item]) => item === undefined)) return undefined;
  return Object.fromEntries(entries) as JsonObject;
}

/** The value at a dotted path; a field whose own name has dots comes first. */
function fieldAt(fields: JsonObject, path: string): JsonValue | undefined {
  if (Object.hasOwn(fields, path)) return fields[path];
  let value: JsonValue | undefined = fields;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as JsonObject)[key];
  }
  return value;
}

function missing(path: string): string {
  return `the field ${path} is missing`;
}
