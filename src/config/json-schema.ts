import { z } from 'zod';
import { configSchema } from './schema.ts';

/** The JSON Schema of `bench.config.yaml`, draft 7: what YAML editors complete and check by. */
export function configJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' }) };
}
