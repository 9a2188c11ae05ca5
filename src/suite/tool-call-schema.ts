import { z } from 'zod';
import type { JsonObject } from '../json.ts';
import { schemaProblem } from '../json-schema.ts';

/** One call expected; without arguments and schema any arguments will do. */
export interface ExpectedCall {
  name: string;
  /** Equal to these, as JSON values. */
  arguments?: JsonObject;
  /** JSON Schema of the arguments. */
  schema?: JsonObject;
}

const object = z.record(z.string(), z.json());

/** A JSON Schema of a suite: one that does not compile is a mistake of its author. */
export const jsonSchemaSchema = object.superRefine((schema, context) => {
  const problem = schemaProblem(schema as JsonObject);
  if (problem !== null) {
    context.addIssue({ code: 'custom', message: `is no JSON Schema: ${problem}` });
  }
});

const callSchema = z.strictObject({
  name: z.string().min(1),
  arguments: object.optional(),
  schema: jsonSchemaSchema.optional(),
});

export const expectedCallsSchema = z.union([callSchema, z.array(callSchema).min(1)]);
