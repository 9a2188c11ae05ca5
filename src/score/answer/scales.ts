import { type Exact, exactNumber, powerOfTen, product, sum, whole } from './exact.ts';
import { kanjiScale } from './kanji.ts';
import { type DecimalStyle, readingsOfDigits } from './separators.ts';

/** Words behind a number that multiply it by a power of ten. */
const SCALES: readonly [RegExp, number][] = [
  [/^\s?(?:thousand|nghìn|ngàn)(?!\p{L})/iu, 3],
  [/^\s?(?:million|triệu|mil)(?!\p{L})/iu, 6],
  [/^\s?(?:billion|bn|tỷ|tỉ)(?!\p{L})/iu, 9],
  [/^\s?(?:trillion)(?!\p{L})/iu, 12],
  [/^\s?(?:hundred|trăm)(?!\p{L})/iu, 2],
  [/^割(?![りっるれ])/u, -1],
  [/^k(?![\p{L}\d])/u, 3],
];

/**
 * `1.2 million`, `3万2,500`, `1 triệu 500 nghìn`: parts that descend add up.
 * @param from offset behind the digits, whose readings are given
 * @returns `null` where no scale follows
 */
export function scaledReadings(
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
