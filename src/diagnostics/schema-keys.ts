import type { z } from 'zod';

type AnySchema = z.core.$ZodType;

/** The keys that `schema` knows at `path`, those of every alternative of a union together. */
export function keysAt(schema: AnySchema, path: readonly PropertyKey[]): string[] {
  let schemas = alternatives(schema);
  for (const step of path) {
    schemas = schemas.flatMap((each) => child(each, step)).flatMap(alternatives);
  }
  const keys = schemas.flatMap((each) => {
    const { def } = (each as z.core.$ZodTypes)._zod;
    return def.type === 'object' ? Object.keys(def.shape) : [];
  });
  return [...new Set(keys)];
}

/** The schema without its wrappers, a union as its members. */
function alternatives(schema: AnySchema): AnySchema[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return alternatives(def.innerType);
    case 'pipe':
      return [...alternatives(def.in), ...alternatives(def.out)];
    case 'lazy':
      return alternatives(def.getter());
    case 'union':
      return def.options.flatMap(alternatives);
    case 'intersection':
      return [...alternatives(def.left), ...alternatives(def.right)];
    default:
      return [schema];
  }
}

function child(schema: AnySchema, step: PropertyKey): AnySchema[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'object') {
    const own = def.shape[String(step)] ?? def.catchall;
    return own === undefined ? [] : [own];
  }
  if (def.type === 'array') return [def.element];
  if (def.type === 'record') return [def.valueType];
  if (def.type === 'tuple') {
    const item = def.items[Number(step)] ?? def.rest;
    return item === null || item === undefined ? [] : [item];
  }
  return [];
}
