import { createRequire } from 'node:module';
import type { ErrorObject, Options } from 'ajv';
import { messageOf } from './errors.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** A schema made ready; `check` gives the first fault of a value, `null` where it fits. */
export interface JsonSchema {
  check(value: JsonValue): string | null;
  /** Whether regular expressions of its own run in `check`: their time is not bounded by the text. */
  hasPatterns: boolean;
}

interface Engine {
  compile(schema: JsonObject): ((value: JsonValue) => unknown) & { errors?: ErrorObject[] | null };
  removeSchema(schema: JsonObject): unknown;
}

/** `format` is an annotation only; unknown keywords are mistakes. */
const OPTIONS: Options = {
  validateFormats: false,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  allowUnionTypes: true,
  logger: false,
};

const DRAFT_2020 = /^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/;
const DRAFT_07 = /^https?:\/\/json-schema\.org\/draft-07\/schema#?$/;

const compiled = new WeakMap<JsonObject, JsonSchema>();
let engines: { draft07: Engine; draft2020: Engine } | undefined;

/**
 * Compiles a JSON Schema: of the draft its `$schema` names; without one draft-07, or 2020-12 where
 * only that knows its keywords. Nothing is fetched: a `$ref` has to be within the schema.
 * @throws where it is no schema of these drafts; the message says which keyword is at fault
 */
export function compileSchema(schema: JsonObject): JsonSchema {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const made = compile(schema);
  compiled.set(schema, made);
  return made;
}

/** Why a schema cannot be compiled, as a phrase; `null` where it can. */
export function schemaProblem(schema: JsonObject): string | null {
  try {
    compileSchema(schema);
    return null;
  } catch (error) {
    return messageOf(error).replace(/^strict mode: /, '');
  }
}

function compile(schema: JsonObject): JsonSchema {
  const validate = withEngine(schema);
  return {
    hasPatterns: hasPatterns(schema),
    check(value) {
      if (validate(value)) return null;
      const [error] = validate.errors ?? [];
      return error === undefined ? 'does not fit the schema' : faultText(error);
    },
  };
}

function withEngine(schema: JsonObject) {
  const { draft07, draft2020 } = loadEngines();
  const { $schema: draft } = schema;
  if (typeof draft === 'string' && DRAFT_2020.test(draft)) return compileBy(draft2020, schema);
  if (typeof draft === 'string' && !DRAFT_07.test(draft)) {
    throw new Error(`the draft ${draft} is not known: draft-07 and 2020-12 are`);
  }
  try {
    return compileBy(draft07, schema);
  } catch (error) {
    if (draft !== undefined) throw error;
    try {
      return compileBy(draft2020, schema);
    } catch {
      throw error;
    }
  }
}

function compileBy(engine: Engine, schema: JsonObject) {
  try {
    return engine.compile(schema);
  } finally {
    engine.removeSchema(schema); // else it is kept for ever, and its $id refused the next time
  }
}

/** Loaded where the first schema is met: it takes a tenth of a second, and most suites have none. */
function loadEngines() {
  if (engines === undefined) {
    const require = createRequire(import.meta.url);
    const { Ajv } = require('ajv') as typeof import('ajv');
    const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
    engines = {
      draft07: new Ajv(OPTIONS) as unknown as Engine,
      draft2020: new Ajv2020(OPTIONS) as unknown as Engine,
    };
  }
  return engines;
}

/** May find one where a property is called so: then a check takes a little longer. */
function hasPatterns(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.some(hasPatterns);
  if (value === null || typeof value !== 'object') return false;
  if ('pattern' in value || 'patternProperties' in value) return true;
  return Object.values(value).some(hasPatterns);
}

function faultText({ instancePath, keyword, params, message = 'does not fit' }: ErrorObject) {
  const place = instancePath === '' ? '' : `${instancePath} `;
  if (keyword === 'const') return `${place}must be ${JSON.stringify(params.allowedValue)}`;
  if (keyword === 'enum') return `${place}must be one of ${JSON.stringify(params.allowedValues)}`;
  if (keyword === 'additionalProperties') {
    return `${place}must not have the property ${JSON.stringify(params.additionalProperty)}`;
  }
  return `${place}${message}`;
}
