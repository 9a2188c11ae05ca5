import type { JsonValue } from '../../json.ts';
import { type JsonSpan, jsonSpans } from './scan.ts';

/**
 * The text as one JSON document, with nothing around it but blanks and one code fence. Strict.
 * @returns `undefined` where it is none
 */
export function wholeJson(text: string): { value: JsonValue } | undefined {
  const trimmed = text.replace(/^\ufeff/, '').trim();
  const bare = parse(trimmed);
  if (bare !== undefined) return bare;
  const head = trimmed.indexOf('\n');
  if (!trimmed.startsWith('```') || !trimmed.endsWith('```') || head === -1) return undefined;
  return /^```\s*\w*\s*$/.test(trimmed.slice(0, head)) ? parse(trimmed.slice(head, -3)) : undefined;
}

/**
 * Every JSON value that a text holds, in order: the text itself, or the outermost objects and arrays
 * in it, in prose, in code fences or bare. Comments and trailing commas do not spoil one.
 */
export function jsonIn(text: string): JsonValue[] {
  const whole = wholeJson(text);
  if (whole !== undefined) return [whole.value];
  return jsonSpans(text).map((span) => JSON.parse(withoutExtras(text, span)) as JsonValue);
}

function withoutExtras(text: string, { start, end, extras }: JsonSpan): string {
  let kept = '';
  let from = start;
  for (const [extraStart, extraEnd] of extras) {
    kept += text.slice(from, extraStart);
    from = extraEnd;
  }
  return kept + text.slice(from, end);
}

function parse(text: string): { value: JsonValue } | undefined {
  try {
    return { value: JSON.parse(text) as JsonValue };
  } catch {
    return undefined;
  }
}
