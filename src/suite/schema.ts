import { z } from 'zod';
import { exampleSchema, expectationSchema } from './expectation-schema.ts';
import { DEFAULT_DIFFICULTY, FAMILY_NAMES } from './families/index.ts';
import { PUBLIC_FORMAT_NAMES } from './formats/index.ts';
import { isObject, repeatedIds } from './repeated-ids.ts';

const id = z
  .string()
  .regex(/^[a-z0-9._-]+$/, 'has to be made of a–z, 0–9, dots, dashes and underscores');
const tags = z.array(z.string().min(1)).describe('Free words to select and group cases by.');
const parameters = z
  .record(z.string(), z.json())
  .describe('Merged into the request body, as {max_tokens: 512, temperature: 0}.');
const system = z.string().describe('The system prompt.');
const expect = z
  .union([expectationSchema, z.array(expectationSchema)])
  .describe('What a right answer looks like; of a list, all must hold.');
const answers = {
  reference: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A right answer, as a model might write it; not needed where it follows from expect.',
    ),
  wrong: z.string().min(1).optional().describe('A wrong answer likewise.'),
};
const turnSchema = z.union([
  z.string().min(1),
  z.strictObject({
    user: z.string().min(1).describe('What the user says.'),
    expect: expect.optional(),
    ...answers,
  }),
]);
const tagFilter = z.strictObject({ tags: tags.min(1) });

const caseSchema = z
  .strictObject({
    id: id.describe('Unique in the suite.'),
    prompt: z.string().min(1).optional().describe('What the user says; or else give turns.'),
    turns: z
      .array(turnSchema)
      .min(1)
      .optional()
      .describe(
        'A conversation: what the user says, turn by turn; {user, expect} where a turn is graded.',
      ),
    system: system.optional(),
    parameters: parameters.optional(),
    tags: tags.optional(),
    expect: expect.optional().describe('Of the last answer, where there are several turns.'),
    ...answers,
  })
  .superRefine(
    (entry, context) => {
      if (entry.prompt !== undefined && entry.turns !== undefined) {
        const message = 'both prompt and turns are given: keep one of them';
        context.addIssue({ code: 'custom', path: ['turns'], message });
      } else if (entry.prompt === undefined && entry.turns === undefined) {
        context.addIssue({ code: 'custom', message: 'neither prompt nor turns: give one of them' });
      }
    },
    { when: ({ value }) => isObject(value) },
  );

const difficulty = z.int().min(1).max(5);
const lengthTokens = z.int().min(200).max(200_000);

const generateSchema = z.strictObject({
  family: z.enum(FAMILY_NAMES).describe('The generator of cases with computed answers.'),
  count: z.int().min(1).max(10_000).describe('How many cases to draw.'),
  difficulty: z
    .union([difficulty, z.tuple([difficulty, difficulty])])
    .optional()
    .describe(
      `1 to 5, or a range as [1, 3], gone through in turn; ${DEFAULT_DIFFICULTY} by default.`,
    ),
  length_tokens: z
    .union([lengthTokens, z.array(lengthTokens).min(1)])
    .optional()
    .describe(
      'Length of the prompt at about 4 characters a token; a list is gone through in turn.',
    ),
  id_prefix: id
    .optional()
    .describe("In front of the cases' numbers; the family's name by default."),
  system: system.optional(),
  parameters: parameters.optional(),
  tags: tags.optional(),
});

const field = z.string().min(1);

const mapSchema = z.strictObject({
  id: field.optional().describe('Field with the id; file and record number by default.'),
  prompt: field
    .optional()
    .describe(
      'Field with the prompt (dots reach into nested ones), or a template "Q: {question}".',
    ),
  turns: field.optional().describe('Field with a list of what the user says, turn by turn.'),
  system: field.optional().describe('Field with the system prompt, or a template.'),
  reference: field
    .optional()
    .describe('Field with a right answer to the last turn, or a template of it.'),
  expect: z
    .union([z.record(z.string(), z.json()), z.array(z.record(z.string(), z.json()))])
    .optional()
    .describe('As in a case; a text that starts with $ stands for that field ($$ for a plain $).'),
});

const characters = z.int().min(1);

const dataSchema = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .describe('JSONL, a JSON list or CSV, gzipped (.gz) or not, relative to this file.'),
    format: z
      .enum(['jsonl', 'json', 'csv', ...PUBLIC_FORMAT_NAMES])
      .optional()
      .describe("By the file's ending if not given; a public format brings its own mapping."),
    map: mapSchema.optional().describe('Which field is what; {prompt: prompt} by default.'),
    limit: z.int().min(1).optional().describe('Only the first so many records.'),
    sample: z
      .int()
      .min(1)
      .optional()
      .describe('Only so many records, drawn by the seed of the run.'),
    max_turns: z.int().min(1).optional().describe('sharegpt: only the first so many turns.'),
    min_characters: characters
      .optional()
      .describe('sharegpt: conversations whose user says less are left out.'),
    max_characters: characters
      .optional()
      .describe('sharegpt: conversations whose user says more are left out.'),
    system: system.optional(),
    parameters: parameters.optional(),
    tags: tags.optional(),
  })
  .superRefine(
    (entry, context) => {
      const { format } = entry;
      const complain = (key: keyof typeof entry, message: string) =>
        entry[key] === undefined || context.addIssue({ code: 'custom', path: [key], message });
      if (PUBLIC_FORMAT_NAMES.some((name) => name === format)) {
        complain('map', `${format} brings its own mapping: take map out`);
      }
      if (format === 'sharegpt') return;
      for (const key of ['max_turns', 'min_characters', 'max_characters'] as const) {
        complain(key, `${key} is for the format sharegpt alone`);
      }
    },
    { when: ({ value }) => isObject(value) },
  );

const judgeExampleSchema = exampleSchema.extend({
  rubric: z.string().min(1).describe('The value of the model-graded expectations it is for.'),
  question: z.string().min(1).describe('What was asked.'),
});

/** A file of `suites/`: a description, defaults, and cases written, generated or imported. */
export const suiteFileSchema = z
  .strictObject({
    description: z.string().describe('One line on what the suite asks.'),
    nonce: z
      .boolean()
      .default(true)
      .describe(
        'A fresh line in front of each prompt, so that no prompt cache flatters the figure.',
      ),
    system: system.optional(),
    parameters: parameters.optional(),
    tags: tags.optional(),
    for: tagFilter.optional().describe('Only for models that carry one of these tags.'),
    not_for: tagFilter.optional().describe('Not for models that carry one of these tags.'),
    not_graded_for: tagFilter
      .optional()
      .describe('Models that carry one of these tags are asked, and timed, but not graded.'),
    cases: z.array(caseSchema).optional().describe('Cases written out.'),
    generate: z.array(generateSchema).optional().describe('Cases drawn by the seed of the run.'),
    data: z.array(dataSchema).optional().describe('Cases read from files.'),
    judge_examples: z
      .array(judgeExampleSchema)
      .optional()
      .describe('Answers that people judged by a rubric, to tell how far a judge is right.'),
  })
  .superRefine(
    (file, context) => {
      if (!file.cases?.length && !file.generate?.length && !file.data?.length) {
        const message = 'the suite is empty: give it cases, generate or data';
        context.addIssue({ code: 'custom', message });
      }
      for (const issue of repeatedIds(file)) context.addIssue({ code: 'custom', ...issue });
    },
    { when: ({ value }) => isObject(value) },
  );

export type SuiteFile = z.output<typeof suiteFileSchema>;
export type CaseEntry = z.output<typeof caseSchema>;
export type TurnEntry = z.output<typeof turnSchema>;
export type GenerateEntry = z.output<typeof generateSchema>;
export type DataEntry = z.output<typeof dataSchema>;
export type DataMap = z.output<typeof mapSchema>;
