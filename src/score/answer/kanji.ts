const DIGITS: Readonly<Record<string, bigint>> = {
  ...{ 〇: 0n, 零: 0n, 一: 1n, 二: 2n, 三: 3n, 四: 4n, 五: 5n, 六: 6n, 七: 7n, 八: 8n, 九: 9n },
  ...{ 壱: 1n, 弐: 2n, 参: 3n },
};
const SMALL: Readonly<Record<string, bigint>> = { 十: 10n, 百: 100n, 千: 1_000n, 拾: 10n };
const GREAT: Readonly<Record<string, bigint>> = {
  ...{ 万: 10_000n, 億: 100_000_000n, 兆: 1_000_000_000_000n },
};

const NATIVE: Readonly<Record<string, bigint>> = {
  ...{ ひとつ: 1n, ふたつ: 2n, みっつ: 3n, よっつ: 4n, いつつ: 5n },
  ...{ むっつ: 6n, ななつ: 7n, やっつ: 8n, ここのつ: 9n },
};

const NUMERAL = '[〇零一二三四五六七八九十百千万億兆壱弐参拾]{1,20}';

/** What may follow a numeral, so that the three of a triangle (三角形) is none. */
const COUNTER =
  '(?=個|コ|ヶ|人|名|匹|本|枚|円|分|時|秒|日|年|月|週|回|つ|台|冊|羽|頭|歳|才|点|度|倍|割|番目|杯|袋|箱|組|件|通|足|軒|階|対|種|品|問|字|文字|行|頁|歩|周|色|丁|畳|坪|升|キロ|メートル|センチ|ミリ|グラム|リットル|パーセント|ドル|ユーロ|k|c|m|%|です|で|だ|に|と|が|を|は|の|か|や|より|以|または|もしくは|[\\s、。…,.!?」』)\\]】~-]|$)';
const PRECEDED = '(?<![\\u4E00-\\u9FFF\\d])';

const FRACTION = new RegExp(`${PRECEDED}(${NUMERAL})分の(${NUMERAL})`, 'gu');
const COUNTED = new RegExp(
  `(?<![\\u4E00-\\u9FBF\\d](?<![約計第答全毎]))(${NUMERAL})${COUNTER}`,
  'gu',
);
const NATIVE_WORD = new RegExp(Object.keys(NATIVE).join('|'), 'gu');

/** A numeral found in a text: `value`, or `value / divisor`. */
export interface Numeral {
  from: number;
  to: number;
  value: bigint;
  divisor: bigint;
}

/** Kanji numerals (百二十三, 三つ, 四分の三) where they count something or stand alone. */
export function kanjiNumeralsIn(text: string): Numeral[] {
  const found: Numeral[] = [];
  for (const match of text.matchAll(FRACTION)) {
    const [divisor, value] = [kanjiNumber(match[1] ?? ''), kanjiNumber(match[2] ?? '')];
    if (value !== null && divisor) found.push({ ...spanOf(match), value, divisor });
  }
  for (const match of text.matchAll(COUNTED)) {
    const value = kanjiNumber(match[1] ?? '');
    const span = spanOf(match);
    if (value !== null && !found.some(({ from, to }) => span.from < to && from < span.to)) {
      found.push({ ...span, value, divisor: 1n });
    }
  }
  for (const match of text.matchAll(NATIVE_WORD)) {
    found.push({ ...spanOf(match), value: NATIVE[match[0]] ?? 0n, divisor: 1n });
  }
  return found.sort((a, b) => a.from - b.from);
}

/** The value of a factor behind digits (3万, 5千); `null` for any other sign. */
export function kanjiScale(sign: string): bigint | null {
  return SMALL[sign] ?? GREAT[sign] ?? null;
}

/** A kanji numeral, by place (二〇二六) or by factor (二千二十六); `null` where it is neither. */
export function kanjiNumber(text: string): bigint | null {
  const signs = [...text];
  if (signs.every((sign) => sign in DIGITS)) return BigInt(signs.map((s) => DIGITS[s]).join(''));
  let [total, section, digit] = [0n, 0n, null as bigint | null];
  for (const sign of signs) {
    const [small, great] = [SMALL[sign], GREAT[sign]];
    if (small !== undefined) {
      section += (digit ?? 1n) * small;
      digit = null;
    } else if (great !== undefined) {
      const amount = section + (digit ?? 0n);
      if (amount === 0n) return null;
      total += amount * great;
      [section, digit] = [0n, null];
    } else {
      if (digit !== null) return null;
      digit = DIGITS[sign] ?? null;
    }
  }
  return total + section + (digit ?? 0n);
}

function spanOf(match: RegExpExecArray): { from: number; to: number } {
  return { from: match.index, to: match.index + match[0].length };
}
