import type { JsonValue } from '../json.ts';

/** `undefined` where the text is not JSON, which no JSON text stands for. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
