import type { DialectName } from '../config/types.ts';
import type { Dialect } from './chunk.ts';
import { contentDialect } from './content.ts';
import { openaiDialect } from './openai.ts';

const DIALECTS: Record<DialectName, Dialect> = { openai: openaiDialect, content: contentDialect };

/** The dialect by its name in the config. */
export function dialectOf(name: DialectName): Dialect {
  return DIALECTS[name];
}
