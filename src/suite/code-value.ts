import { z } from 'zod';
import type { JsonValue } from '../json.ts';

const languageSchema = z.enum(['python', 'javascript']);

const testSchema = z.strictObject({
  args: z.array(z.json()),
  equals: z.json(),
  /** What the arguments have to be after the call, for functions that must (not) change them. */
  args_after: z.array(z.json()).optional(),
  tolerance: z.number().min(0).optional(),
});

const testsSchema = z.strictObject({
  language: languageSchema,
  function: z.string().min(1),
  tests: z.array(testSchema).min(1),
});

/** HumanEval's form: the prompt is the beginning of the program, `check` defines `check(candidate)`. */
const checkSchema = z.strictObject({
  language: z.literal('python'),
  function: z.string().min(1),
  prompt: z.string(),
  check: z.string().min(1),
});

/** What a `code` expectation has as its value. */
export const codeValueSchema = z.union([testsSchema, checkSchema]);

export interface CodeTest {
  args: JsonValue[];
  equals: JsonValue;
  args_after?: JsonValue[];
  tolerance?: number;
}
export interface CodeTests {
  language: 'python' | 'javascript';
  function: string;
  tests: CodeTest[];
}
export type CodeCheck = z.infer<typeof checkSchema>;
export type CodeValue = CodeTests | CodeCheck;
