import type { JsonObject, JsonValue } from '../../json.ts';

/**
 * Some value that satisfies a JSON Schema, as far as suites use it: const, enum, type, properties,
 * items, minItems, minimum, minLength, anyOf, oneOf, allOf.
 * @returns `undefined` where none is found
 */
export function instanceOf(schema: JsonObject): JsonValue | undefined {
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  for (const key of ['anyOf', 'oneOf']) {
    const [first] = [schema[key] ?? []].flat();
    if (isSchema(first)) return instanceOf({ ...schema, [key]: [], ...first });
  }
  if (Array.isArray(schema.allOf)) {
    return instanceOf(Object.assign({}, ...schema.allOf, { ...schema, allOf: null }));
  }
  const [type] = [schema.type ?? guessedType(schema)].flat();
  switch (type) {
    case 'object':
      return objectOf(schema);
    case 'array':
      return listOf(schema);
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return textOf(schema);
  }
}

function guessedType(schema: JsonObject): string {
  if (schema.properties !== undefined || schema.required !== undefined) return 'object';
  if (schema.items !== undefined || schema.minItems !== undefined) return 'array';
  return schema.minimum !== undefined || schema.maximum !== undefined ? 'number' : 'string';
}

function objectOf({ properties, required }: JsonObject): JsonObject | undefined {
  const schemas = isSchema(properties) ? properties : {};
  const names = new Set([...Object.keys(schemas), ...[required ?? []].flat().map(String)]);
  const entries: [string, JsonValue][] = [];
  for (const name of names) {
    const schema = schemas[name];
    const value = isSchema(schema) ? instanceOf(schema) : 'text';
    if (value === undefined) return undefined;
    entries.push([name, value]);
  }
  return Object.fromEntries(entries);
}

function listOf({ items, prefixItems, minItems, contains }: JsonObject): JsonValue[] | undefined {
  const first = [prefixItems ?? contains ?? []].flat().filter(isSchema).map(instanceOf);
  while (first.length < Number(minItems ?? 0)) first.push(isSchema(items) ? instanceOf(items) : 0);
  return first.every((value) => value !== undefined) ? first : undefined;
}

function numberOf({ minimum, exclusiveMinimum, maximum, multipleOf }: JsonObject): number {
  const low = Number(
    minimum ?? (exclusiveMinimum === undefined ? 0 : Number(exclusiveMinimum) + 1),
  );
  const value = maximum !== undefined && low > Number(maximum) ? Number(maximum) : low;
  return multipleOf === undefined
    ? value
    : Math.ceil(value / Number(multipleOf)) * Number(multipleOf);
}

/** A pattern is met by its own letters, where they do: `^青` by `青`, `ベンチ|ホーム` by `ベンチ`. */
function textOf({ pattern, minLength }: JsonObject): string | undefined {
  if (typeof pattern !== 'string') return 'x'.repeat(Math.max(1, Number(minLength ?? 1)));
  const text = (pattern.split('|')[0] ?? '').replace(/[\^$()]/g, '');
  return new RegExp(pattern, 'u').test(text) ? text : undefined;
}

function isSchema(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
