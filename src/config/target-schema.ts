// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the syntax of the file described here

import { z } from 'zod';
import { KEY_PATTERN, TEMPLATE_PATTERN } from './variables.ts';

/** The embedded marketplace, always there: `--target simulator`. */
export const SIMULATOR = 'simulator';

export const DEFAULT_PATH = '/chat/completions';

const TEMPLATE_MESSAGE = 'has a ${ that begins no variable: ${NAME} or ${NAME:-default}';

/** Headers whose value is a secret whatever it says. */
const SECRET_HEADERS = /^(?:authorization|proxy-authorization|cookie|api-key|x-api-key)$/i;
/** Headers that the transport sets from what it really sends. */
const TRANSPORT_HEADERS =
  /^(?:host|content-length|content-type|transfer-encoding|connection|upgrade|expect|te|trailer|keep-alive)$/i;

const headersSchema = z
  .record(
    z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is no header name'),
    z.string().regex(TEMPLATE_PATTERN, TEMPLATE_MESSAGE),
  )
  .superRefine((headers, context) => {
    for (const [name, value] of Object.entries(headers)) {
      const refuse = (message: string, remedy: string): void =>
        context.addIssue({ code: 'custom', path: [name], message, params: { remedy } });
      if (TRANSPORT_HEADERS.test(name)) refuse('is set by the transport', 'remove it');
      if (SECRET_HEADERS.test(name) && !value.includes('${')) {
        refuse('a secret must not stand in the file itself', 'write ${NAME} and set that variable');
      }
    }
  });

export const targetSchema = z
  .strictObject({
    base_url: z
      .string()
      .min(1)
      .regex(TEMPLATE_PATTERN, TEMPLATE_MESSAGE)
      .describe('Where the API lives, with /v1 if it has one. Takes ${NAME} and ${NAME:-default}.'),
    api_key: z
      .string()
      .regex(
        KEY_PATTERN,
        'a key must not stand in the file itself, write ${NAME} and set that variable in the environment or in .env',
      )
      .optional()
      .describe('Only as ${NAME}: the variable that holds the key, sent as a Bearer token.'),
    when_unset: z
      .enum(['error', 'simulate'])
      .optional()
      .describe(
        'What to do where neither address nor key is set: an error (default), or the embedded simulator. Half-set is always an error.',
      ),
    dialect: z
      .enum(['openai', 'content'])
      .optional()
      .describe(
        'OpenAI chat completions (default), or the wrapper of data: {"content": …} events.',
      ),
    path: z
      .string()
      .regex(/^\/[^\s?#]*$/, 'must begin with / and have no ? or #')
      .optional()
      .describe(`Added to base_url; ${DEFAULT_PATH} by default.`),
    protocol: z
      .enum(['http/1.1', 'h2'])
      .optional()
      .describe('HTTP/1.1 (default), or HTTP/2 over TLS.'),
    continuous_usage: z
      .boolean()
      .optional()
      .describe(
        'Ask for usage in every chunk (stream_options.continuous_usage_stats: vLLM, SGLang). Default false: other servers refuse the field.',
      ),
    allow_http: z
      .boolean()
      .optional()
      .describe('Send the key unencrypted to a host that is not this machine. Default false.'),
    ca_file: z
      .string()
      .min(1)
      .optional()
      .describe('PEM file of an extra certificate authority, relative to this file.'),
    headers: headersSchema
      .optional()
      .describe(
        'Extra request headers. Values take ${NAME} and ${NAME:-default}, and are starred out wherever a server repeats them.',
      ),
    public_headers: z
      .array(z.string().min(1))
      .optional()
      .describe(
        'Names from headers whose values are no secret: they are left as they are in answers and messages.',
      ),
    models: z
      .union([z.literal('subscribed'), z.array(z.string().min(1)).min(1)])
      .optional()
      .describe(
        'subscribed: those the key opens, asked of the endpoint. Or names and aliases from models. Default: all models.',
      ),
  })
  .describe('An endpoint.');
