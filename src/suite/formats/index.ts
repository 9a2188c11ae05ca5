import type { JsonObject } from '../../json.ts';
import type { PublicFormat } from './format.ts';
import { gsm8k } from './gsm8k.ts';
import { humaneval } from './humaneval.ts';
import { ifeval } from './ifeval.ts';
import { mmlu } from './mmlu.ts';
import { sharegpt } from './sharegpt.ts';

/** Public formats whose records are read without a mapping, by the name a suite gives them. */
export const PUBLIC_FORMATS = { gsm8k, mmlu, humaneval, ifeval, sharegpt } as const;
export type PublicFormatName = keyof typeof PUBLIC_FORMATS;
export const PUBLIC_FORMAT_NAMES = Object.keys(PUBLIC_FORMATS) as PublicFormatName[];

export function publicFormat(name: string): PublicFormat | undefined {
  return Object.hasOwn(PUBLIC_FORMATS, name) ? PUBLIC_FORMATS[name as PublicFormatName] : undefined;
}

/** The public format that a record is of, by its fields; `undefined` where it is of none. */
export function formatOfRecord(fields: JsonObject): PublicFormatName | undefined {
  return PUBLIC_FORMAT_NAMES.find((name) => PUBLIC_FORMATS[name].fits(fields));
}
