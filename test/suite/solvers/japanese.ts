import { nth, only, read, sum } from './reading.ts';

const NUMBER = '[0-9０-９〇一二三四五六七八九十百千万億兆]+';
const SIGNS: Record<string, number> = { 十: 10, 百: 100, 千: 1000, 万: 1e4, 億: 1e8, 兆: 1e12 };

/** A number as Japanese texts write it, read from left to right. */
export function numberOf(text: string): number {
  const ascii = text.replace(/[０-９]/g, (d) => String.fromCharCode(d.charCodeAt(0) - 0xfee0));
  if (/^\d+$/.test(ascii)) return Number(ascii);
  let [total, group, digit] = [0, 0, 0];
  for (const sign of text) {
    const place = SIGNS[sign];
    if (place === undefined) digit = '〇一二三四五六七八九'.indexOf(sign);
    else if (place < 1e4) {
      group += (digit || 1) * place;
      digit = 0;
    } else {
      total += (group + digit) * place;
      [group, digit] = [0, 0];
    }
  }
  return total + group + digit;
}

const found = (prompt: string, pattern: string) =>
  [...prompt.matchAll(new RegExp(pattern, 'g'))].map(([, ...groups]) => groups);
const one = (prompt: string, pattern: string) =>
  numberOf(read(prompt, new RegExp(pattern))[0] ?? '');

/** In thousandths of a yen. */
export function jaShopping(prompt: string): string {
  const prices = found(prompt, `一.(${NUMBER})円`).map(([yen = '']) => numberOf(yen));
  const counts = found(prompt, `(${NUMBER})[個本冊枚]買いました`).map(([n = '']) => numberOf(n));
  let milli = sum(prices.map((yen, index) => yen * nth(counts, index))) * 1000;
  if (/割引き/.test(prompt)) milli -= (milli / 10) * one(prompt, `(${NUMBER})割引き`);
  if (/消費税10%/.test(prompt)) milli += milli / 10;
  if (/千円札/.test(prompt)) milli = one(prompt, `千円札を(${NUMBER})枚`) * 1_000_000 - milli;
  if (/人で同じ額/.test(prompt)) milli /= one(prompt, `(${NUMBER})人で同じ額`);
  return String(milli / 1000);
}

export function jaNumerals(prompt: string): string {
  const [a = 0, b = 0] = found(prompt, `(${NUMBER})`).map(([n = '']) => numberOf(n));
  if (/足す/.test(prompt)) return String(a + b);
  return String(/引く|大きい/.test(prompt) ? a - b : a);
}

const WEEKDAYS = '月火水木金土日';
const dayOf = (text: string, year: number): Date => {
  const [month = '', day = ''] = read(text, new RegExp(`(${NUMBER})月(${NUMBER})日`));
  return new Date(Date.UTC(year, numberOf(month) - 1, numberOf(day)));
};

/** Days are counted one by one. */
function daysFrom(first: Date, second: Date): number {
  const walk = new Date(first);
  let days = 0;
  for (; walk < second; days++) walk.setUTCDate(walk.getUTCDate() + 1);
  return days;
}

export function jaDates(prompt: string): string {
  const weekday = WEEKDAYS.indexOf(prompt.match(/は(.)曜日です/)?.[1] ?? '');
  if (/日[後前]は何曜日/.test(prompt)) {
    const days = one(prompt, `(${NUMBER})日[後前]`);
    const step = /日後/.test(prompt) ? 1 : 6;
    let here = weekday;
    for (let day = 0; day < days; day++) here = (here + step) % 7;
    return `${WEEKDAYS.charAt(here)}曜日`;
  }
  if (/満何歳/.test(prompt)) {
    const first = new Map(
      found(prompt, '(..)元年は西暦(\\d+)年').map(([era, y]) => [era, Number(y)]),
    );
    const [bornEra = '', bornYear = ''] = found(prompt, `(..)(${NUMBER})年生まれ`)[0] ?? [];
    const [nowEra = '', nowYear = ''] = found(prompt, `(..)(${NUMBER})年の誕生日`)[0] ?? [];
    const yearOf = (era: string, year: string) => (first.get(era) ?? 0) + numberOf(year) - 1;
    return String(yearOf(nowEra, nowYear) - yearOf(bornEra, bornYear));
  }
  if (/元年/.test(prompt)) {
    const [, era = '', firstYear = ''] = read(prompt, /((..)元年は西暦(\d+)年)/);
    if (/何年ですか。$/.test(prompt.trim()) && /は西暦何年/.test(prompt)) {
      return String(Number(firstYear) + one(prompt, `。${era}(${NUMBER})年は西暦何年`) - 1);
    }
    return String(one(prompt, `。西暦(${NUMBER})年は`) - Number(firstYear) + 1);
  }
  if (/までは何日/.test(prompt)) {
    const [year = '', from = '', to = ''] = read(prompt, /(\d+)年の(.+?)から(.+?)までは/);
    return String(daysFrom(dayOf(from, Number(year)), dayOf(to, Number(year))));
  }
  const [firstYear = '', first = '', secondYear = '', second = ''] = read(
    prompt,
    /(\d{4})年(.+?日)は.曜日です。(\d{4})年(.+?日)は何曜日/,
  );
  const days = daysFrom(dayOf(first, Number(firstYear)), dayOf(second, Number(secondYear)));
  return `${WEEKDAYS.charAt((weekday + days) % 7)}曜日`;
}

/** Readings of one to ten with each counter, as a grammar's table has them. */
const READINGS: Record<string, string> = {
  枚: 'いちまい にまい さんまい よんまい ごまい ろくまい ななまい はちまい きゅうまい じゅうまい',
  台: 'いちだい にだい さんだい よんだい ごだい ろくだい ななだい はちだい きゅうだい じゅうだい',
  冊: 'いっさつ にさつ さんさつ よんさつ ごさつ ろくさつ ななさつ はっさつ きゅうさつ じゅっさつ',
  歳: 'いっさい にさい さんさい よんさい ごさい ろくさい ななさい はっさい きゅうさい じゅっさい',
  個: 'いっこ にこ さんこ よんこ ごこ ろっこ ななこ はっこ きゅうこ じゅっこ',
  回: 'いっかい にかい さんかい よんかい ごかい ろっかい ななかい はっかい きゅうかい じゅっかい',
  本: 'いっぽん にほん さんぼん よんほん ごほん ろっぽん ななほん はっぽん きゅうほん じゅっぽん',
  匹: 'いっぴき にひき さんびき よんひき ごひき ろっぴき ななひき はっぴき きゅうひき じゅっぴき',
  杯: 'いっぱい にはい さんばい よんはい ごはい ろっぱい ななはい はっぱい きゅうはい じゅっぱい',
  階: 'いっかい にかい さんがい よんかい ごかい ろっかい ななかい はっかい きゅうかい じゅっかい',
  軒: 'いっけん にけん さんげん よんけん ごけん ろっけん ななけん はっけん きゅうけん じゅっけん',
};

export function jaCounters(prompt: string): string {
  return found(prompt, '([一二三四五六七八九十]+)([枚台冊歳個回本匹杯階軒])(?=[と」])')
    .map(([n = '', sign = '']) => nth((READINGS[sign] ?? '').split(' '), numberOf(n) - 1))
    .join('と');
}

/** Plays the sentences. */
export function jaGiving(prompt: string): string {
  const held = new Map<string, number>();
  const move = (from: string, to: string, count: number) => {
    held.set(from, (held.get(from) ?? 0) - count).set(to, (held.get(to) ?? 0) + count);
  };
  for (const sentence of prompt.split('。')) {
    const count = numberOf(sentence.match(new RegExp(`(${NUMBER})[個枚本冊]`))?.[1] ?? '');
    const [, a = '', b = ''] = sentence.match(/^\s*(.+?)[はが](.+?)(?:に|から)/) ?? [];
    if (/持っています$/.test(sentence)) held.set(sentence.split('は')[0] ?? '', count);
    else if (/あげました|渡しました/.test(sentence)) move(a, b, count);
    else if (/もらいました|受け取りました/.test(sentence)) move(b, a, count);
  }
  const [asked = ''] = read(prompt, /(?:今、|最後に)(.+?)[はの]/);
  return String(held.get(asked));
}

/** Tries every order. */
export function jaRanking(prompt: string): string {
  const pairs = found(
    prompt,
    '([^。。]+?)は([^。]+?)より(背が高い|背が低い|年上|年下|足が速い|足が遅い)',
  ).map(([a = '', b = '', how = '']) => (/低い|年下|遅い/.test(how) ? [b, a] : [a, b]));
  const people = [...new Set(pairs.flat())];
  const order = only(permutations(people), (line) =>
    pairs.every(([higher = '', lower = '']) => line.indexOf(higher) < line.indexOf(lower)),
  );
  const rank = prompt.match(/([二三四五六七八九])番目に/)?.[1];
  return nth(order, rank === undefined ? 0 : numberOf(rank) - 1);
}

export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}
