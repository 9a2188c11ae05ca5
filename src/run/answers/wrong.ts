import type { JsonObject, JsonValue } from '../../json.ts';
import type { Said } from '../../simulator/options.ts';
import { type Language, languageOf } from '../../simulator/prompt.ts';
import type { Expectation } from '../../suite/types.ts';
import { reversedPlan } from './plan-order.ts';

/** Definite, and neither a refusal nor a doubt. */
const SOMETHING_ELSE: Record<Language, string> = {
  en: 'Something quite different',
  ja: 'まったく別のもの',
  vi: 'Một thứ hoàn toàn khác',
};

/** A wrong answer of the same kind as the right one. */
export function wrongAnswer(expect: readonly Expectation[], right: Said, prompt: string): Said {
  if (typeof right !== 'string') {
    return { name: right.name, arguments: JSON.stringify(otherArguments(right.arguments)) };
  }
  const types = new Set(expect.map(({ type }) => type));
  if (types.has('label')) return right.startsWith('unsafe') ? 'safe' : 'unsafe\nS1';
  if (types.has('choice')) return right === 'A' ? 'B' : 'A';
  if (types.has('json-plan')) return reversedPlan(right);
  if (types.has('contains-json') || types.has('is-json')) return withoutFirstKey(right);
  if (types.has('match')) {
    const accepted = expect.flatMap(({ type, value }) => (type === 'match' ? [value].flat() : []));
    return otherValue(right, accepted, Number(expect[0]?.tolerance ?? 0), prompt);
  }
  if (/\d/.test(right) && right.length < 40) return otherDigit(right);
  return otherText(expect, prompt);
}

function otherValue(
  right: string,
  accepted: readonly (JsonValue | undefined)[],
  tolerance: number,
  prompt: string,
): string {
  const numbers = accepted.map(Number);
  if (right.trim() !== '' && numbers.every(Number.isFinite)) {
    const decimals = right.split('.')[1]?.length ?? 0;
    return (Math.max(...numbers) + 1 + 2 * tolerance).toFixed(decimals);
  }
  if (/\d/.test(right)) return otherDigit(right);
  return otherName(right, prompt) ?? SOMETHING_ELSE[languageOf(prompt)];
}

/** The last digit replaced by the next: `12:25` becomes `12:26`. */
function otherDigit(text: string): string {
  return text.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10));
}

/** Another name of the prompt. */
function otherName(right: string, prompt: string): string | undefined {
  if (!/^\p{Lu}\p{Ll}+$/u.test(right)) return undefined;
  const names = prompt.match(/(?<=[\p{Ll},] )\p{Lu}\p{Ll}+/gu) ?? [];
  return names.findLast((name) => name !== right);
}

function otherText(expect: readonly Expectation[], prompt: string): string {
  const language = expect.find(({ type }) => type === 'language')?.value;
  const wanted = [language].flat().map(String);
  if (language === undefined) return SOMETHING_ELSE[languageOf(prompt)];
  return wanted.includes('en') ? `${SOMETHING_ELSE.ja}です。` : `${SOMETHING_ELSE.en}.`;
}

function otherArguments(json: string): JsonObject {
  const [first, ...rest] = Object.entries(JSON.parse(json) as JsonObject);
  if (first === undefined) return { unknown: true };
  const [name, value] = first;
  return Object.fromEntries([[name, typeof value === 'number' ? value + 1 : 'other'], ...rest]);
}

/** Of an array, without its first element. */
function withoutFirstKey(json: string): string {
  const value = JSON.parse(json) as JsonValue;
  if (Array.isArray(value)) return JSON.stringify(value.slice(1));
  if (typeof value !== 'object' || value === null) return '{}';
  return JSON.stringify(Object.fromEntries(Object.entries(value).slice(1)));
}
