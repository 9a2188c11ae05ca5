import { z } from 'zod';

/** Set by the tool for every request; a config that sets them would break what is measured. */
const OWN_PARAMETERS = new Set(['model', 'messages', 'stream', 'stream_options']);

const parametersSchema = z.record(z.string(), z.json()).superRefine((parameters, context) => {
  for (const name of Object.keys(parameters).filter((key) => OWN_PARAMETERS.has(key))) {
    context.addIssue({
      code: 'custom',
      path: [name],
      message: 'is set by tokentape itself',
      params: { remedy: 'remove it' },
    });
  }
});

/** The request parameters that have a name of their own in the config. */
const knownParameters = {
  temperature: z.number().min(0).describe('Sampling temperature, ≥ 0.'),
  top_p: z.number().min(0).max(1).describe('Nucleus sampling, 0 to 1.'),
  max_tokens: z.int().min(1).describe('Output tokens at most, reasoning included.'),
  stop: z
    .union([z.string(), z.array(z.string()).min(1)])
    .describe('Text, or a list of texts, at which the model stops.'),
  seed: z.int().describe('Sampling seed of the server, where it takes one.'),
  presence_penalty: z.number().min(-2).max(2).describe('-2 to 2.'),
  frequency_penalty: z.number().min(-2).max(2).describe('-2 to 2.'),
  reasoning_effort: z.string().min(1).describe('As the model knows it: low, medium, high, …'),
};

export const PARAMETER_NAMES = Object.keys(knownParameters) as (keyof typeof knownParameters)[];

const priceSchema = z.strictObject({
  input_per_mtok: z.number().min(0).describe('USD per million prompt tokens.'),
  output_per_mtok: z.number().min(0).describe('USD per million output tokens.'),
});

export const modelSchema = z
  .strictObject({
    name: z.string().min(1).describe('The name sent to the endpoint, spelt exactly as it does.'),
    alias: z
      .string()
      .min(1)
      .optional()
      .describe('A short name for tables and for --model; unique, as names are.'),
    price: priceSchema.optional().describe('For costs and --max-cost; without it both are n/a.'),
    tokenizer: z
      .string()
      .min(1)
      .optional()
      .describe(
        "The model's own tokenizer.json, relative to this file: counts tokens where the server does not, and checks it where it does.",
      ),
    tags: z.array(z.string().min(1)).optional().describe('Words to find models by.'),
    ...z.object(knownParameters).partial().shape,
    parameters: parametersSchema
      .optional()
      .describe('Anything else that goes into the request body, as it is.'),
  })
  .describe('A model, and how it is asked.');
