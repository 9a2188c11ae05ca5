import type { JsonValue } from '../json.ts';
import { type ChunkReading, type Dialect, hasText, readingOf } from './chunk.ts';
import { errorInChunk, objectIn } from './error-body.ts';

/** The marketplace wrapper: `{"content": "…"}` and `{"error": "…"}`, and nothing else. */
export const contentDialect: Dialect = {
  name: 'content',
  read: readChunk,
  carriesToken: (json) => hasText(readChunk(json as JsonValue)),
};

function readChunk(json: JsonValue): ChunkReading {
  const content = objectIn(json)?.content;
  return readingOf({
    content: typeof content === 'string' ? content : '',
    error: errorInChunk(json) ?? null,
  });
}
