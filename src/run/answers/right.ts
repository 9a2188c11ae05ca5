import type { JsonObject, JsonValue } from '../../json.ts';
import type { KnownAnswer, Said } from '../../simulator/options.ts';
import type { Expectation } from '../../suite/types.ts';
import { instanceOf } from './json-instance.ts';
import { planOf } from './plan-order.ts';

type Form = KnownAnswer['form'];

/** Graders that find the answer at the end of some prose. */
const FINDING = new Set(
  'match choice pattern contains icontains contains-any contains-all code label latency cost'.split(
    ' ',
  ),
);
const REFUSAL = "I'm sorry, but I can't help with that.";
/** Sentences that carry words which an answer in a language has to hold. */
const CARRIERS: Record<string, (words: string) => string> = {
  en: (words) => `The answer that was asked for has these words in it: ${words}.`,
  ja: (words) => `求められている答えには次の言葉が入っています:${words}。`,
  vi: (words) => `Câu trả lời được yêu cầu có chứa những từ sau đây: ${words}.`,
};

/** How an answer may be dressed without a grader's taking it for another. */
export function formOf(expect: readonly Expectation[]): Form {
  const types = expect.map(({ type }) => type);
  if (types.length === 1 && types[0] === 'match' && isNumber(expect[0]?.value)) return 'number';
  if (types.every((type) => FINDING.has(type.replace(/^not-/, '')))) return undefined;
  return types.every((type) => type === 'contains-json' || type === 'json-plan') ? 'json' : 'exact';
}

/**
 * An answer that satisfies every expectation at once.
 * @returns `null` where none follows from them: the suite has to give one
 */
export function rightAnswer(expect: readonly Expectation[]): Said | null {
  const wanted = expect.filter(({ type }) => !type.startsWith('not-'));
  const whole = wanted.map(wholeAnswer);
  if (whole.includes(null)) return null;
  const [said] = whole.filter((each) => each !== undefined && each !== null);
  return said ?? sentenceWith(wanted);
}

/** What one expectation alone says the answer is; `undefined` where it only wants a part of it. */
function wholeAnswer(expectation: Expectation): Said | null | undefined {
  const { type, value } = expectation;
  switch (type) {
    case 'label':
      return labelled(expectation);
    case 'tool-call':
      return callOf(value);
    case 'json-plan':
      return isObject(value) ? planOf(value) : null;
    case 'contains-json':
    case 'is-json':
      return isObject(value) ? written(instanceOf(value)) : '{}';
    case 'equals':
    case 'match':
    case 'choice':
    case 'levenshtein':
      return textOf(Array.isArray(value) ? value[0] : value);
    case 'pattern':
      return matching(expectation);
    case 'empty':
      return '';
    case 'is-refusal':
      return REFUSAL;
    case 'contains':
    case 'icontains':
    case 'contains-any':
    case 'contains-all':
    case 'starts-with':
    case 'language':
    case 'latency':
    case 'cost':
      return undefined;
    default:
      return null;
  }
}

/** The fragments wanted, in a sentence of the language wanted. */
function sentenceWith(expect: readonly Expectation[]): string | null {
  const fragments = expect.flatMap(({ type, value }) => {
    if (type === 'contains-any') return [value].flat().slice(0, 1);
    return /contains/.test(type) ? [value].flat() : [];
  });
  const start = expect.find(({ type }) => type === 'starts-with')?.value;
  const words = fragments.map(String).join(', ');
  const language = expect.find(({ type }) => type === 'language')?.value;
  const carrier = CARRIERS[String([language].flat()[0])];
  if (language !== undefined && carrier === undefined) return null;
  const said = carrier === undefined ? words : carrier(words);
  if (start === undefined) return said === '' ? null : said;
  return said === '' ? String(start) : `${start} ${said}`;
}

function labelled({ value, categories }: Expectation): string | null {
  const names = Array.isArray(categories) ? categories.join(',') : '';
  return value === 'unsafe' && names !== '' ? `unsafe\n${names}` : textOf(value);
}

function callOf(value: JsonValue | undefined): Said | null {
  const calls = [value].flat();
  const [call] = calls;
  if (calls.length !== 1 || !isObject(call) || typeof call.name !== 'string') return null;
  return { name: call.name, arguments: JSON.stringify(call.arguments ?? {}) };
}

/** The value, where the pattern finds it in itself. */
function matching({ value, pattern, flags }: Expectation): string | null {
  const text = textOf(value);
  if (text === null || typeof pattern !== 'string') return null;
  const found = new RegExp(pattern, String(flags ?? '').replace('g', '')).exec(text);
  return found?.[1] === text ? text : null;
}

function written(value: JsonValue | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isNumber(value: JsonValue | undefined): boolean {
  const text = textOf(value);
  return text !== null && text.trim() !== '' && Number.isFinite(Number(text));
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : null;
}
