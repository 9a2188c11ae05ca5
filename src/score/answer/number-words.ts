import { ownOf } from '../../own.ts';
import { type Exact, exactNumber, product, sum, whole } from './exact.ts';

/** A number in words found in a text. */
export interface WordNumber {
  from: number;
  to: number;
  value: Exact;
}

const ENGLISH_UNITS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const ENGLISH_TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const ENGLISH_PARTS: Readonly<Record<string, number>> = {
  ...{ half: 2, halves: 2, third: 3, thirds: 3, quarter: 4, quarters: 4, fourth: 4, fourths: 4 },
  ...{ fifth: 5, fifths: 5, sixth: 6, sixths: 6, seventh: 7, sevenths: 7, eighth: 8, eighths: 8 },
  ...{ ninth: 9, ninths: 9, tenth: 10, tenths: 10 },
};
const VIETNAMESE_UNITS: Readonly<Record<string, number>> = {
  ...{ không: 0, một: 1, mốt: 1, hai: 2, ba: 3, bốn: 4, tư: 4, năm: 5, lăm: 5, nhăm: 5 },
  ...{ sáu: 6, bảy: 7, bẩy: 7, tám: 8, chín: 9 },
};

/** Alone they mean other things more often: `one of them`, `ba` is father, `năm` year, `không` not. */
const AMBIGUOUS_ALONE = new Set(['one', 'một', 'ba', 'năm', 'tư', 'không', 'hai', 'lăm', 'chín']);

const WORD = /[\p{L}]+/gu;

/**
 * Numbers in English and Vietnamese words: `forty-two`, `three quarters`, `một triệu rưỡi`,
 * `ba phẩy năm`. A word that often means something else counts only where the text begins with it.
 */
export function wordNumbersIn(text: string): WordNumber[] {
  const words = Array.from(text.matchAll(WORD), (match) => ({
    word: match[0].toLowerCase(),
    from: match.index,
    to: match.index + match[0].length,
  }));
  const found: WordNumber[] = [];
  for (let index = 0; index < words.length; ) {
    const rest = words.slice(index, index + 24).map(({ word }) => word);
    const read = englishNumber(rest) ?? vietnameseNumber(rest);
    const [first, last] = [words[index], words[index + (read?.words ?? 1) - 1]];
    const signed = ['âm', 'trừ'].includes(words[index - 1]?.word ?? '');
    const alone = read?.words === 1 && index > 0 && !signed && AMBIGUOUS_ALONE.has(rest[0] ?? '');
    const denies = rest[0] === 'không' && read?.words === 1 && words.length > 1;
    const other = read?.words === 1 && ['of', 'or'].includes(rest[1] ?? '') && rest[0] === 'one';
    if (read !== null && first && last && !alone && !other && !denies) {
      found.push({ from: first.from, to: last.to, value: read.value });
    }
    index += read?.words ?? 1;
  }
  return found;
}

interface Run {
  value: Exact;
  /** How many words it took. */
  words: number;
}

function englishNumber(words: readonly string[]): Run | null {
  let [total, section, at] = [0, 0, 0];
  let last: 'start' | 'unit' | 'tens' | 'scale' = 'start';
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [unit, tens] = [ENGLISH_UNITS.indexOf(word), ENGLISH_TENS.indexOf(word)];
    if (unit >= 0) {
      if (last === 'unit' || (last === 'tens' && (unit === 0 || unit > 9))) break;
      section += unit;
      last = 'unit';
    } else if (tens >= 0) {
      if (last === 'unit' || last === 'tens') break;
      section += (tens + 2) * 10;
      last = 'tens';
    } else if (word === 'hundred' && last !== 'start') {
      section *= 100;
      last = 'scale';
    } else if (Object.hasOwn(ENGLISH_SCALES, word) && last !== 'start') {
      total += section * (ENGLISH_SCALES[word] ?? 1);
      section = 0;
      last = 'scale';
    } else if (word === 'and' && last === 'scale' && isEnglishDigit(words[at + 1])) {
    } else break;
  }
  const parts = ownOf(ENGLISH_PARTS, words[at] ?? '');
  const half = words[0] === 'half' || (words[0] === 'a' && words[1] === 'half');
  if (at === 0) return half ? { value: ratio(1, 2), words: words[0] === 'a' ? 2 : 1 } : null;
  if (words.slice(at, at + 3).join(' ') === 'and a half') {
    return { value: sum(whole(total + section), ratio(1, 2)), words: at + 3 };
  }
  if (parts !== undefined) return { value: ratio(total + section, parts), words: at + 1 };
  return { value: whole(total + section), words: at };
}

const ENGLISH_SCALES: Readonly<Record<string, number>> = {
  ...{ thousand: 1e3, million: 1e6, billion: 1e9 },
};

function isEnglishDigit(word: string | undefined): boolean {
  return ENGLISH_UNITS.includes(word ?? '') || ENGLISH_TENS.includes(word ?? '');
}

function vietnameseNumber(words: readonly string[]): Run | null {
  const upper = vietnameseWhole(words);
  if (upper === null) return null;
  const at = upper.words;
  if (words[at] === 'phần') {
    const lower = vietnameseWhole(words.slice(at + 1));
    if (lower !== null && lower.value > 0) {
      return { value: ratio(upper.value, lower.value), words: at + 1 + lower.words };
    }
  }
  if (words[at] === 'phẩy' || words[at] === 'chấm') {
    const digits: number[] = [];
    for (const word of words.slice(at + 1)) {
      const digit = ownOf(VIETNAMESE_UNITS, word);
      if (digit === undefined) break;
      digits.push(digit);
    }
    const value = exactNumber(`${upper.value}.${digits.join('')}`);
    if (digits.length > 0 && value !== null) return { value, words: at + 1 + digits.length };
  }
  if (words[at] === 'rưỡi') {
    const half = product(whole(Math.max(1, upper.lastScale)), ratio(1, 2));
    return { value: sum(whole(upper.value), half), words: at + 1 };
  }
  return { value: whole(upper.value), words: at };
}

interface VietnameseRun {
  value: number;
  words: number;
  lastScale: number;
}

const VIETNAMESE_SCALES: Readonly<Record<string, number>> = {
  ...{ nghìn: 1e3, ngàn: 1e3, triệu: 1e6, tỷ: 1e9, tỉ: 1e9 },
};

/** Units, tens (`mươi`), hundreds (`trăm`) and scales, as `một trăm linh năm nghìn`. */
function vietnameseWhole(words: readonly string[]): VietnameseRun | null {
  let [total, section, digit] = [0, 0, null as number | null];
  let [at, lastScale] = [0, 0];
  let tens = false;
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const unit = ownOf(VIETNAMESE_UNITS, word);
    if (unit !== undefined) {
      // `mười năm` is ten years, `mười lăm` fifteen; `bốn hai` is short for forty-two.
      if (word === 'năm' && tens) break;
      if (digit !== null) {
        if (tens || section > 0 || digit < 2 || words.length > at + 1 + 1) break;
        return { value: total + digit * 10 + unit, words: at + 1, lastScale: 1 };
      }
      digit = unit;
    } else if (word === 'mười') {
      if (digit !== null) break;
      section += 10;
      tens = true;
    } else if (word === 'mươi' || word === 'chục') {
      if (digit === null) break;
      [section, digit, tens] = [section + digit * 10, null, true];
    } else if (word === 'trăm') {
      if (digit === null) break;
      [section, digit, lastScale, tens] = [section + digit * 100, null, 100, false];
    } else if (Object.hasOwn(VIETNAMESE_SCALES, word)) {
      if (digit === null && section === 0) break;
      lastScale = ownOf(VIETNAMESE_SCALES, word) ?? 1;
      total += (section + (digit ?? 0)) * lastScale;
      [section, digit, tens] = [0, null, false];
    } else if ((word === 'linh' || word === 'lẻ') && at > 0) {
      tens = false;
    } else break;
  }
  return at === 0 ? null : { value: total + section + (digit ?? 0), words: at, lastScale };
}

function ratio(numerator: number, denominator: number): Exact {
  return { numerator: BigInt(numerator), denominator: BigInt(denominator) };
}
