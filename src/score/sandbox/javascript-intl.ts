/**
 * Locales for an interpreter that has none: a pure function of texts, answered by Node's own.
 * @param question JSON of `[kind, locales, options, ...values]`
 * @returns the answer as JSON; `{"error": …}` as a RangeError has it
 */
export function intl(question: string): string {
  try {
    const [kind, locales, options, ...values] = JSON.parse(question) as Question;
    const answer = ANSWERS[kind]?.(locales ?? undefined, options ?? undefined, values);
    return JSON.stringify({ answer });
  } catch (error) {
    return JSON.stringify({ error: error instanceof Error ? error.message : '' });
  }
}

type Question = [kind: string, locales: string | null, options: object | null, ...values: Given[]];
/** As quickjs/locales.js sends it for that kind. */
// biome-ignore lint/suspicious/noExplicitAny: each kind has its own
type Given = any;
type Answer = (
  locales: string | undefined,
  options: object | undefined,
  values: Given[],
) => string | number;

const ANSWERS: Record<string, Answer> = {
  compare: (locales, options, [a, b]) =>
    new Intl.Collator(locales ?? DEFAULT, options).compare(a, b),
  number: (locales, options, [value]) =>
    new Intl.NumberFormat(locales ?? DEFAULT, options).format(numberOf(value)),
  date: (locales, options, [ms]) =>
    new Intl.DateTimeFormat(locales ?? DEFAULT, { timeZone: 'UTC', ...options }).format(ms),
  plural: (locales, options, [value]) =>
    new Intl.PluralRules(locales ?? DEFAULT, options).select(value),
  list: (locales, options, [items]) =>
    new Intl.ListFormat(locales ?? DEFAULT, options).format(items),
};

const DEFAULT = 'en-US';

function numberOf(text: string): number | bigint {
  return text.endsWith('n') ? BigInt(text.slice(0, -1)) : Number(text);
}
