import type { Tape } from '../capture/tape.ts';
import type { JsonValue } from '../json.ts';
import { parseJson } from './parse-json.ts';
import { SseDecoder } from './sse.ts';

/**
 * Every text of a stream by its place in the events, the pieces of one place joined: also what no dialect
 * reads, such as the second of several choices.
 */
export function textsByPlace(tape: Tape): string[] {
  const texts = new Map<string, string>();
  const collect = (value: JsonValue, place: string): void => {
    if (typeof value === 'string') texts.set(place, (texts.get(place) ?? '') + value);
    if (typeof value !== 'object' || value === null) return;
    for (const [name, one] of Object.entries(value)) collect(one, `${place}.${nameOf(one, name)}`);
  };
  const sse = new SseDecoder(({ data }) => collect(parseJson(data) ?? null, ''));
  sse.push(tape.body);
  sse.end();
  return [...texts.values()];
}

/** Of a list, what its members call themselves: a choice stands first in its chunk, whichever it is. */
function nameOf(value: JsonValue, name: string): string {
  const isNumbered = typeof value === 'object' && value !== null && 'index' in value;
  return isNumbered ? String(value.index) : name;
}
