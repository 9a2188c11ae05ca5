import type { Random } from '../../../random.ts';
import { at } from '../family.ts';

export const NAMES_JA = [
  ...['健', '美咲', '翔', '葵', '大輔', '由美', '直樹', '彩', '拓也', '恵子', '誠', '千尋'],
] as const;

const DIGITS = '〇一二三四五六七八九';
const PLACES = ['', '十', '百', '千'];
const MYRIADS = ['', '万', '億', '兆'];

/** `30208` as 三万二百八: no 一 before 十, 百 and 千, but 一万. */
export function kanjiNumber(n: number): string {
  if (n === 0) return '零';
  const groups: string[] = [];
  for (let rest = n, myriad = 0; rest > 0; rest = Math.floor(rest / 10_000), myriad++) {
    const group = rest % 10_000;
    if (group > 0) groups.unshift(belowMyriad(group) + at(MYRIADS, myriad));
  }
  return groups.join('');
}

function belowMyriad(n: number): string {
  return [3, 2, 1, 0]
    .map((place) => {
      const digit = Math.floor(n / 10 ** place) % 10;
      if (digit === 0) return '';
      return (digit === 1 && place > 0 ? '' : DIGITS.charAt(digit)) + at(PLACES, place);
    })
    .join('');
}

export function fullWidthNumber(n: number): string {
  return String(n).replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
}

/** A number in one of the ways in which Japanese texts write it. */
export function writtenNumber(random: Random, n: number): string {
  return random.pick([String, fullWidthNumber, kanjiNumber])(n);
}
