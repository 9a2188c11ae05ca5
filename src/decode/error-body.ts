import type { JsonObject, JsonValue } from '../json.ts';

/** What a server says is wrong; `message` is `null` where it says only that something is. */
export interface ServerError {
  message: string | null;
  code: string | number | null;
}

/** A JSON object's members; `undefined` for anything else. */
export function objectIn(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

/**
 * The error inside a chunk of a stream: `{"error": {…}}`, `{"error": "…"}` or the flat
 * `{"object": "error", …}` of vLLM. `undefined` where it is no error.
 */
export function errorInChunk(json: JsonValue): ServerError | undefined {
  const chunk = objectIn(json);
  if (chunk === undefined) return undefined;
  const { error } = chunk;
  // An empty text beside choices is a field that says nothing; alone it is an error without words.
  const silent = error === undefined || error === null || error === false;
  if (!silent && !(error === '' && 'choices' in chunk)) return serverError(error);
  return chunk.object === 'error' ? serverError(chunk) : undefined;
}

/**
 * The error in the body of a failed request, in the forms that OpenAI, LiteLLM, vLLM, FastAPI and
 * Gemini give it; `undefined` where nothing in it is known to be a message.
 */
export function errorInBody(json: JsonValue): ServerError | undefined {
  const body = objectIn(Array.isArray(json) ? json[0] : json);
  if (body === undefined) return undefined;
  for (const candidate of [body.error, body.detail, body]) {
    const found = candidate === undefined ? undefined : serverError(candidate);
    if (found !== undefined && found.message !== null) return found;
  }
  return undefined;
}

function serverError(error: JsonValue): ServerError {
  if (typeof error === 'string') return { message: error || null, code: null };
  // FastAPI's validation errors come as a list; the first says enough.
  const fields = objectIn(Array.isArray(error) ? error[0] : error);
  return {
    message: firstText(fields?.message, fields?.msg, fields?.detail, fields?.error),
    code: firstCode(fields?.code, fields?.type, fields?.status),
  };
}

function firstText(...values: (JsonValue | undefined)[]): string | null {
  return values.find((value): value is string => typeof value === 'string' && value !== '') ?? null;
}

function firstCode(...values: (JsonValue | undefined)[]): string | number | null {
  const isCode = (value: JsonValue | undefined): value is string | number =>
    typeof value === 'number' || (typeof value === 'string' && value !== '');
  return values.find(isCode) ?? null;
}
