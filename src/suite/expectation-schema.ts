import { z } from 'zod';
import { checkSchema } from '../diagnostics/schema-problems.ts';
import { codeValueSchema } from './code-value.ts';
import { planSchema } from './plan-schema.ts';
import { rulesSchema } from './rule-schema.ts';
import { expectedCallsSchema, jsonSchemaSchema } from './tool-call-schema.ts';

/** What a `value` has to look like, in words for a person and as a schema. */
interface ValueShape {
  wants: string;
  schema: z.ZodType;
  /** Whether the schema's own complaints are told, each at its place, instead of what is wanted. */
  detailed?: true;
}

const text: ValueShape = { wants: 'a text', schema: z.string().min(1) };
const texts: ValueShape = { wants: 'a list of texts', schema: z.array(z.string().min(1)).min(1) };
const scalarSchema = z.union([z.string().min(1), z.number(), z.boolean()]);
const scalar: ValueShape = { wants: 'a text or a number', schema: scalarSchema };
const scalars: ValueShape = {
  wants: 'a text or a number, or a list of accepted ones',
  schema: z.union([scalarSchema, z.array(scalarSchema).min(1)]),
};
const regex: ValueShape = {
  wants: 'a JavaScript regular expression',
  schema: z.string().min(1).refine(compiles),
};
const letter: ValueShape = {
  wants: 'the letter of the right choice (A, B, C, …)',
  schema: z.string().regex(/^[A-Z]$/),
};
const label: ValueShape = { wants: '"safe" or "unsafe"', schema: z.enum(['safe', 'unsafe']) };
const jsonSchema: ValueShape = { wants: 'a JSON Schema', schema: jsonSchemaSchema, detailed: true };
const plan: ValueShape = {
  wants: 'a mapping of what the plan has to keep to',
  schema: planSchema,
  detailed: true,
};
const calls: ValueShape = {
  wants: 'a mapping with the name of the tool (and its arguments), or a list of them',
  schema: expectedCallsSchema,
  detailed: true,
};
const languages: ValueShape = {
  wants: 'a language code, as ja or vi, or a list of accepted ones',
  schema: z.union([z.string().min(2), z.array(z.string().min(2)).min(1)]),
};
const rules: ValueShape = {
  wants: 'a mapping of rules, as {max_words: 20}',
  schema: rulesSchema,
  detailed: true,
};

const tests: ValueShape = {
  wants:
    'a mapping of language (python, javascript), function and tests, or of language, function, prompt and check',
  schema: codeValueSchema,
};

/** An answer that a person has judged by a rubric. */
export const exampleSchema = z.strictObject({
  question: z.string().min(1).optional().describe("What was asked; the case's own by default."),
  answer: z.string().min(1).describe('What was answered.'),
  right: z.boolean().describe('Whether it meets the rubric, as people see it.'),
  reference: z.string().min(1).optional().describe('A right answer, shown to the judge as well.'),
});

type ValueRule = { shape: ValueShape; optional?: true } | 'none' | 'threshold';

/** The graders, and what each takes as its value: one, none, or a threshold in its place. */
const VALUE_RULES = {
  equals: { shape: scalar },
  contains: { shape: text },
  icontains: { shape: text },
  'contains-any': { shape: texts },
  'contains-all': { shape: texts },
  'starts-with': { shape: text },
  regex: { shape: regex },
  'is-json': { shape: jsonSchema, optional: true },
  'contains-json': { shape: jsonSchema, optional: true },
  levenshtein: { shape: text },
  'is-refusal': 'none',
  match: { shape: scalars },
  choice: { shape: letter },
  pattern: { shape: scalar },
  label: { shape: label },
  'tool-call': { shape: calls },
  'json-plan': { shape: plan, optional: true },
  code: { shape: tests },
  language: { shape: languages },
  rule: { shape: rules },
  'model-graded': { shape: text },
  empty: 'none',
  javascript: { shape: text },
  latency: 'threshold',
  cost: 'threshold',
  'assert-set': 'none',
} as const satisfies Record<string, ValueRule>;

export type ExpectationType = keyof typeof VALUE_RULES;

/** The graders' names, without the `not-` that any of them may carry in front. */
export const EXPECTATION_TYPES = Object.keys(VALUE_RULES) as ExpectationType[];

/** One expectation of a case; its `value` is checked by what its `type` needs. */
export const expectationSchema: z.ZodType = z
  .strictObject({
    type: z
      .enum(EXPECTATION_TYPES.flatMap((type) => [type, `not-${type}`] as const))
      .describe('The grader; `not-` in front turns its verdict round.'),
    value: z
      .json()
      .optional()
      .describe('What the answer is held against; its shape depends on type.'),
    weight: z.number().min(0).optional().describe('Share in the score of the case; 1 by default.'),
    threshold: z
      .number()
      .min(0)
      .optional()
      .describe(
        'levenshtein: edits allowed; model-graded, language, assert-set: score needed, 0 to 1; latency: ms; cost: USD.',
      ),
    ignore_case: z.boolean().optional().describe('Compare texts without regard to case.'),
    flags: z
      .string()
      .regex(/^[dgimsuvy]*$/)
      .optional()
      .describe('Flags of the regular expression, as "i" (regex, pattern).'),
    pattern: z
      .string()
      .refine(compiles, 'is not a regular expression')
      .optional()
      .describe('pattern: its first group is what is compared with the value.'),
    tolerance: z.number().min(0).optional().describe('match: numbers this close are equal.'),
    choices: z.array(z.string()).optional().describe('choice: the texts of A, B, C, … in order.'),
    categories: z
      .array(z.string().regex(/^S\d{1,2}$/))
      .optional()
      .describe('label: hazard categories that an unsafe verdict has to name, as [S1].'),
    timeout_ms: z.number().positive().optional().describe('code, javascript: time for the tests.'),
    any_order: z.boolean().optional().describe('tool-call: the calls may come in any order.'),
    judge: z
      .string()
      .regex(/^[^/\s]+\/\S/, 'has to be TARGET/MODEL')
      .optional()
      .describe("model-graded: who judges, as TARGET/MODEL; the config's judge by default."),
    examples: z
      .array(exampleSchema)
      .min(1)
      .optional()
      .describe('model-graded: answers judged by people, to tell how far the judge is right.'),
    get assert(): z.ZodOptional<z.ZodArray<z.ZodType>> {
      return z.array(expectationSchema).min(1).optional().describe('assert-set: its expectations.');
    },
  })
  .superRefine((expectation, context) => checkValue(expectation, context), {
    when: ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value),
  });

interface RawExpectation {
  type?: unknown;
  value?: unknown;
  threshold?: unknown;
  pattern?: unknown;
  assert?: unknown;
}

function checkValue(expectation: RawExpectation, context: z.RefinementCtx): void {
  const type = String(expectation.type).replace(/^not-/, '');
  if (!Object.hasOwn(VALUE_RULES, type)) return; // `type` has its own problem
  const rule: ValueRule = VALUE_RULES[type as ExpectationType];
  const complain = (path: string[], message: string) =>
    context.addIssue({ code: 'custom', path, message });

  if (rule === 'threshold' && expectation.threshold === undefined) {
    complain([], `${type} needs a threshold (${type === 'latency' ? 'milliseconds' : 'USD'})`);
  }
  if (type === 'pattern' && expectation.pattern === undefined) {
    complain([], 'pattern needs a pattern, a regular expression with one group');
  }
  if ((type === 'assert-set') !== (expectation.assert !== undefined)) {
    complain(
      ['assert'],
      type === 'assert-set'
        ? 'assert-set needs assert, a list of expectations'
        : `${type} takes no assert`,
    );
  }
  if (rule === 'none' || rule === 'threshold') {
    if (expectation.value !== undefined) complain(['value'], `${type} takes no value`);
  } else if (expectation.value === undefined) {
    if (!rule.optional) complain([], `${type} needs a value: ${rule.shape.wants}`);
  } else if (rule.shape.detailed) {
    for (const { path, part, message, remedy } of checkSchema(expectation.value, rule.shape.schema)
      .problems) {
      const what = part === 'key' ? `${path.at(-1)}: ${message}` : message;
      context.addIssue({
        code: 'custom',
        path: ['value', ...path],
        message: what,
        params: { remedy },
      });
    }
  } else if (!rule.shape.schema.safeParse(expectation.value).success) {
    complain(['value'], `the value of ${type} has to be ${rule.shape.wants}`);
  }
}

function compiles(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
