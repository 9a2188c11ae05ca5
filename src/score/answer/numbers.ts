import {
  type Exact,
  exactNumber,
  negative,
  powerOfTen,
  product,
  quotient,
  sum,
  whole,
} from './exact.ts';
import { kanjiNumeralsIn, kanjiScale } from './kanji.ts';
import { wordNumbersIn } from './number-words.ts';
import { type DecimalStyle, readingsOfDigits } from './separators.ts';

/** A number as it stands in a text. */
export interface NumberToken {
  from: number;
  to: number;
  /** What it can honestly mean; none for what only looks like a number (a date, a ratio, 1.2.3). */
  readings: Exact[];
  /** Written with `%`: the readings are hundredths. */
  percent: boolean;
  /** Decimals written, where a fraction might have been rounded to them; `null` elsewhere. */
  decimals: number | null;
}

/** Digits with separators; a group of three behind a space belongs to the number before it. */
const DIGITS = /\d{1,3}(?: \d{3})+(?:[.,]\d+)?(?![\d.,]*\d)|\d+(?:[.,']\d+)*|(?<![\d.])\.\d+/g;
const CURRENCY_CODES = /(?:^|[^A-Za-z])(?:US|USD|VND|VNĐ|JPY|EUR|GBP|HK|NT|Rs|A|C|R|x)$/;
const LATIN_BEFORE = /[\p{Script=Latin}_]$/u;
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const VULGAR: Readonly<Record<string, string>> = {
  ...{ '½': '1/2', '⅓': '1/3', '⅔': '2/3', '¼': '1/4', '¾': '3/4', '⅕': '1/5', '⅖': '2/5' },
  ...{ '⅗': '3/5', '⅘': '4/5', '⅙': '1/6', '⅚': '5/6', '⅛': '1/8', '⅜': '3/8', '⅝': '5/8' },
  '⅞': '7/8',
};
const SCALES: readonly [RegExp, number][] = [
  [/^\s?(?:thousand|nghìn|ngàn)(?!\p{L})/iu, 3],
  [/^\s?(?:million|triệu|mil)(?!\p{L})/iu, 6],
  [/^\s?(?:billion|bn|tỷ|tỉ)(?!\p{L})/iu, 9],
  [/^\s?(?:trillion)(?!\p{L})/iu, 12],
  [/^\s?(?:hundred|trăm)(?!\p{L})/iu, 2],
  [/^k(?![\p{L}\d])/u, 3],
];
const PERCENT = /^\s?(?:%|percent\b|per cent\b|パーセント|phần trăm)/iu;
const SIGN_WORDS = /(?:\b(?:minus|negative)|マイナス|(?:^|\s)âm|(?:^|\s)trừ)\s*$/iu;
const SIGN = /(?:^|[\s(=:$¥£€[,~≈は]|[^\s\p{L}\p{N})]\s)-[$¥£€]?$/u;
const GLUED_BEFORE = /[\d\p{L}][:/]$|\d[-–]\d{1,2}[-–]$/u;
const GLUED_AFTER = /^(?:[:]\d|[-–]\d{1,2}[-–]\d|\/\d+\/|!)/u;

/**
 * The numbers of a text in order: digits in all their forms; where there are none, kanji numerals;
 * where there are none of these either, English and Vietnamese words.
 */
export function numbersIn(text: string, style: DecimalStyle): NumberToken[] {
  const digits = digitNumbersIn(text, style);
  if (digits.length > 0) return digits;
  const kanji = kanjiNumeralsIn(text).map(({ value, divisor, ...span }) =>
    tokenOf(text, span, [{ numerator: value, denominator: divisor }]),
  );
  if (kanji.length > 0) return kanji;
  return wordNumbersIn(text).map(({ value, ...span }) => tokenOf(text, span, [value]));
}

function digitNumbersIn(text: string, style: DecimalStyle): NumberToken[] {
  const tokens: NumberToken[] = [];
  let scanned = 0;
  for (const match of text.replace(VULGAR_SIGNS, spaced).matchAll(DIGITS)) {
    if (match.index < scanned) continue;
    const token = digitToken(text, match.index, match[0], style);
    if (token === null) continue;
    tokens.push(token);
    scanned = token.to;
  }
  const vulgar = [...text.matchAll(VULGAR_SIGNS)]
    .filter(({ index }) => !tokens.some(({ from, to }) => index >= from && index < to))
    .map((match) => tokenOf(text, spanOf(match), exactOf(VULGAR[match[0]] ?? '')));
  return vulgar.length === 0 ? tokens : [...tokens, ...vulgar].sort((a, b) => a.from - b.from);
}

const VULGAR_SIGNS = new RegExp(`[${Object.keys(VULGAR).join('')}]`, 'g');
/** Keeps offsets: a vulgar fraction is one sign, and so is what takes its place. */
const spaced = () => ' ';

function digitToken(
  text: string,
  from: number,
  raw: string,
  style: DecimalStyle,
): NumberToken | null {
  const before = text.slice(Math.max(0, from - 16), from);
  if (LATIN_BEFORE.test(before) && !CURRENCY_CODES.test(before) && !/\dx$/i.test(before)) {
    return null; // B42, H2O, m2
  }
  let to = from + raw.length;
  const opaque: NumberToken = { from, to, readings: [], percent: false, decimals: null };
  const glued = GLUED_AFTER.exec(text.slice(to, to + 24));
  if (glued || GLUED_BEFORE.test(before)) {
    const more = /^[-–:/^!\d.]+/.exec(text.slice(to, to + 40));
    return { ...opaque, to: to + (more?.[0].length ?? 0) };
  }
  let readings = readingsOfDigits(raw, style);
  let decimals: number | null = null;
  const step = (length: number, value: (reading: Exact) => Exact | null) => {
    to += length;
    readings = readings.map(value).filter((reading) => reading !== null);
  };
  const rest = () => text.slice(to, to + 40);

  const exponent =
    /^(?:e([+-]?\d{1,3})(?!\w)|\s?[×x*·]\s?10(?:\^?([+-]?\d{1,3})|([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]{1,4})))/i.exec(
      rest(),
    );
  const mixed = /^\s?([½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])|^ (\d{1,4})\/(\d{1,4})(?![\d/])/.exec(rest());
  const over = /^\s?\/\s?(\d+(?:\.\d+)?)(?![\d/])|^\s?(?:phần|over)\s(\d+)(?!\d)/.exec(rest());
  const power = /^(?:\^([+-]?\d{1,3})(?!\d)|([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]{1,4}))/.exec(rest());
  const japaneseOver = /^分の(\d+)/.exec(rest());
  if (exponent) {
    const tens = Number(exponent[1] ?? exponent[2] ?? plainDigits(exponent[3] ?? ''));
    step(exponent[0].length, (value) =>
      Math.abs(tens) > 300 ? null : product(value, powerOfTen(tens)),
    );
  } else if (/^\d+$/.test(raw) && mixed) {
    const part = mixed[1] ? VULGAR[mixed[1]] : `${mixed[2]}/${mixed[3]}`;
    const fraction = exactNumber(part ?? '');
    step(mixed[0].length, (value) => fraction && sum(value, fraction));
  } else if (over) {
    const divisor = exactNumber(over[1] ?? over[2] ?? '');
    step(over[0].length, (value) => divisor && quotient(value, divisor));
  } else if (japaneseOver) {
    const upper = exactNumber(japaneseOver[1] ?? '');
    step(japaneseOver[0].length, (value) => upper && quotient(upper, value));
  } else if (power) {
    const exponent = Number(power[1] ?? plainDigits(power[2] ?? ''));
    step(power[0].length, () => (raw === '10' ? powerOfTen(exponent) : null));
  } else {
    decimals = /[.,](\d+)$/.exec(raw)?.[1]?.length ?? 0;
    const scaled = scaledReadings(text, to, readings, style);
    if (scaled !== null) {
      [readings, to, decimals] = [scaled.readings, scaled.to, null];
    } else if (/^\s?rưỡi(?!\p{L})/u.test(rest())) {
      step(/^\s?rưỡi/u.exec(rest())?.[0].length ?? 0, (value) =>
        sum(value, { numerator: 1n, denominator: 2n }),
      );
    } else if (/^\s?(?:dozen)\b/i.test(rest())) {
      step(6, (value) => product(value, whole(12)));
    } else if (/^(?:[MBKs](?![\p{L}\d])|e[+-]?\d)/u.test(rest())) {
      readings = []; // 5M, 42K, the 30s: millions, kelvin, a decade?
    }
  }
  return tokenOf(text, { from, to }, readings, decimals);
}

/** `1.2 million`, `3万2,500`, `1 triệu 500 nghìn`: parts that descend add up. */
function scaledReadings(
  text: string,
  from: number,
  readings: readonly Exact[],
  style: DecimalStyle,
): { readings: Exact[]; to: number } | null {
  let to = from;
  let parts = [...readings];
  let total: Exact[] | null = null;
  let lowest: Exact | null = null;
  const short = /^k(\d)(?![\p{L}\d])/u.exec(text.slice(to, to + 3));
  if (short) {
    const rest = exactNumber(`${short[1]}00`);
    const value = parts.map((part) => sum(product(part, powerOfTen(3)), rest ?? whole(0)));
    return { readings: value, to: to + 2 };
  }
  for (;;) {
    const scale = scaleAt(text, to);
    if (scale === null) {
      if (total === null) return null;
      if (parts.length === 0) break;
      total = crossSum(total, parts);
      break;
    }
    const scaled = parts.map((part) => product(part, scale.factor));
    total = total === null ? scaled : crossSum(total, scaled);
    lowest = scale.factor;
    to += scale.length;
    const half = /^\s?rưỡi(?!\p{L})/u.exec(text.slice(to, to + 8));
    if (half) {
      const share = product(lowest, { numerator: 1n, denominator: 2n });
      return { readings: total.map((part) => sum(part, share)), to: to + half[0].length };
    }
    const next = /^\s?(\d+(?:[.,]\d+)*)/.exec(text.slice(to, to + 24));
    if (next === null) break;
    const following = readingsOfDigits(next[1] ?? '', style);
    const below = following.filter((part) => isBelow(part, scale.factor));
    const afterNext = scaleAt(text, to + next[0].length);
    if (below.length === 0 || (/^\s/.test(next[0]) && afterNext === null)) break;
    parts = below;
    to += next[0].length;
  }
  return { readings: total ?? [], to };
}

function scaleAt(text: string, at: number): { factor: Exact; length: number } | null {
  const kanji = kanjiScale(text[at] ?? '');
  if (kanji !== null) {
    const great = kanji < 10_000n ? kanjiScale(text[at + 1] ?? '') : null;
    if (great !== null && great >= 10_000n) return { factor: whole(kanji * great), length: 2 };
    return { factor: whole(kanji), length: 1 };
  }
  const rest = text.slice(at, at + 16);
  for (const [word, power] of SCALES) {
    const match = word.exec(rest);
    if (match === null) continue;
    const more = SCALES.find(([next]) => next.test(rest.slice(match[0].length)));
    const length = more ? (more[0].exec(rest.slice(match[0].length))?.[0].length ?? 0) : 0;
    return { factor: powerOfTen(power + (more?.[1] ?? 0)), length: match[0].length + length };
  }
  return null;
}

function crossSum(a: readonly Exact[], b: readonly Exact[]): Exact[] {
  return a.flatMap((one) => b.map((other) => sum(one, other)));
}

function isBelow(a: Exact, b: Exact): boolean {
  return a.numerator * b.denominator < b.numerator * a.denominator;
}

/** Adds sign and percent, which stand around every form of number alike. */
function tokenOf(
  text: string,
  span: { from: number; to: number },
  unsigned: Exact[],
  decimals: number | null = null,
): NumberToken {
  const before = text.slice(Math.max(0, span.from - 16), span.from);
  const isNegative = SIGN.test(before) || /^-[$¥£€]?$/.test(before) || SIGN_WORDS.test(before);
  const percent = PERCENT.exec(text.slice(span.to, span.to + 16));
  const readings = isNegative ? unsigned.map(negative) : unsigned;
  const to = span.to + (percent?.[0].length ?? 0);
  return { from: span.from, to, readings, percent: percent !== null, decimals };
}

function exactOf(plain: string): Exact[] {
  const exact = exactNumber(plain);
  return exact === null ? [] : [exact];
}

function plainDigits(superscripts: string): string {
  return [...superscripts]
    .map((sign) => (sign === '⁻' ? '-' : String(SUPERSCRIPTS.indexOf(sign))))
    .join('');
}

function spanOf(match: RegExpExecArray): { from: number; to: number } {
  return { from: match.index, to: match.index + match[0].length };
}
