import { permutations } from './japanese.ts';
import { nth, only, read, sum } from './reading.ts';

const NUMBER = '\\d[\\d.,]*\\d|\\d';

/** `1.234,5` is 1234.5. */
const numberOf = (text: string) => Number(text.replaceAll('.', '').replace(',', '.'));
const found = (prompt: string, pattern: string) =>
  [...prompt.matchAll(new RegExp(pattern, 'gu'))].map(([, ...groups]) => groups);
const one = (prompt: string, pattern: string) =>
  numberOf(read(prompt, new RegExp(pattern))[0] ?? '');

/** In tenths of a đồng, each line counted in halves. */
export function viShopping(prompt: string): string {
  const counts = found(prompt, `(?:mua|;) (${NUMBER}) `).map(([n = '']) => numberOf(n));
  const prices = found(prompt, `giá (${NUMBER}) đồng`).map(([n = '']) => numberOf(n));
  let tenths = sum(counts.map((count, index) => count * 2 * nth(prices, index) * 5));
  if (/giảm/.test(prompt)) tenths -= (tenths / 100) * one(prompt, 'giảm (\\d+)%');
  if (/phí/.test(prompt)) tenths += 10 * one(prompt, `phí giao hàng (${NUMBER}) đồng`);
  if (/trả lại/.test(prompt)) tenths = 10 * one(prompt, `đưa (${NUMBER}) đồng`) - tenths;
  if (/chia đều/.test(prompt)) tenths /= one(prompt, 'cho (\\d+) người');
  return String(tenths / 10);
}

const ONES = 'không một hai ba bốn năm sáu bảy tám chín'.split(' ');
const UNITS: Record<string, number> = { nghìn: 1e3, triệu: 1e6, tỷ: 1e9 };

/** A number in words, word by word. */
function wordsOf(text: string): number {
  let [total, group, digit] = [0, 0, 0];
  for (const word of text.trim().split(/\s+/)) {
    const unit = UNITS[word];
    if (unit !== undefined) {
      total += (group + digit) * unit;
      [group, digit] = [0, 0];
    } else if (word === 'trăm') [group, digit] = [group + digit * 100, 0];
    else if (word === 'mươi') [group, digit] = [group + digit * 10, 0];
    else if (word === 'mười') group += 10;
    else if (word !== 'linh') digit = { mốt: 1, lăm: 5 }[word] ?? ONES.indexOf(word);
  }
  return total + group + digit;
}

export function viNumbers(prompt: string): string {
  if (/[Ss]ố "/.test(prompt)) return String(wordsOf(read(prompt, /"(.+)"/)[0] ?? ''));
  if (/Tổng/.test(prompt)) {
    const [a = '', b = ''] = read(prompt, /Tổng của (.+) và (.+) là/);
    return String(wordsOf(a) + wordsOf(b));
  }
  if (/trừ đi/.test(prompt)) {
    const [a = '', b = ''] = read(prompt, /Lấy (.+) trừ đi (.+) thì/);
    return String(wordsOf(a) - wordsOf(b));
  }
  // In whole hundredths, digit by digit.
  const [a = 0n, b = 0n] = found(prompt, `(${NUMBER})`).map(([text = '']) => {
    const [whole = '', fraction = ''] = text.replaceAll('.', '').split(',');
    return BigInt(whole + fraction.padEnd(2, '0'));
  });
  const hundredths = /\+/.test(prompt) ? a + b : a - b;
  const digits = String(hundredths).padStart(3, '0');
  const fraction = digits.slice(-2).replace(/0+$/, '');
  return digits.slice(0, -2) + (fraction === '' ? '' : `.${fraction}`);
}

const WEEKDAYS = 'thứ Hai,thứ Ba,thứ Tư,thứ Năm,thứ Sáu,thứ Bảy,Chủ nhật'.split(',');
const DAY = '(thứ \\S+?|Chủ nhật)';

/** Days are counted one by one. */
function daysFrom(first: string, second: string): number {
  const dateOf = (text: string) => new Date(text.split('/').reverse().join('-'));
  const [walk, end] = [dateOf(first), dateOf(second)];
  let days = 0;
  for (; walk < end; days++) walk.setUTCDate(walk.getUTCDate() + 1);
  return days;
}

export function viDates(prompt: string): string {
  if (/ngày (?:nữa|trước) là/.test(prompt)) {
    const [today = '', days = ''] = read(prompt, new RegExp(`Hôm nay là ${DAY}\\. (\\d+) ngày`));
    const step = /nữa/.test(prompt) ? 1 : 6;
    let here = WEEKDAYS.indexOf(today);
    for (let day = 0; day < Number(days); day++) here = (here + step) % 7;
    return nth(WEEKDAYS, here);
  }
  if (/phút\?/.test(prompt)) {
    const [a = 0, b = 0, c = 0, d = 0] = (prompt.match(/\d+/g) ?? []).map(Number);
    let minutes = 0;
    for (let clock = a * 60 + b; clock !== c * 60 + d; clock = (clock + 1) % 1440) minutes += 1;
    return String(minutes);
  }
  if (/buổi học/.test(prompt)) {
    const [days = '', first = ''] = read(
      prompt,
      new RegExp(`(\\d+) ngày liên tiếp.*ngày đầu tiên là ${DAY}\\.`),
    );
    const taught = read(prompt, new RegExp(`vào ${DAY} và ${DAY}\\.`));
    const start = WEEKDAYS.indexOf(first);
    const calendar = Array.from({ length: Number(days) }, (_, day) =>
      nth(WEEKDAYS, (start + day) % 7),
    );
    return String(calendar.filter((day) => taught.includes(day)).length);
  }
  const dates = prompt.match(/\d{2}\/\d{2}\/\d{4}/g) ?? [];
  const sorted = dates.toSorted((x, y) => daysFrom(y, x) - daysFrom(x, y));
  const days = daysFrom(nth(sorted, 0), nth(sorted, 1));
  if (/bao nhiêu ngày/.test(prompt)) return String(days);
  const [weekday = ''] = read(prompt, new RegExp(`là ${DAY}\\. Hỏi`));
  return nth(WEEKDAYS, (WEEKDAYS.indexOf(weekday) + days) % 7);
}

/** Plays the sentences. */
export function viGiving(prompt: string): string {
  const held = new Map<string, number>();
  const move = (from: string, to: string, count: number) => {
    held.set(from, (held.get(from) ?? 0) - count).set(to, (held.get(to) ?? 0) + count);
  };
  for (const sentence of prompt.split('.')) {
    const count = Number(sentence.match(/\d+/)?.[0]);
    const [a = '', b = ''] = sentence.match(/\p{Lu}\p{Ll}+/gu) ?? [];
    if (/^\s*\S+ có \d/.test(sentence)) held.set(a, count);
    else if (/ cho /.test(sentence)) move(a, b, count);
    else if (/tặng|mượn của|nhận từ/.test(sentence)) move(b, a, count);
  }
  const [asked = ''] = read(prompt, /(?:Bây giờ|trong tay) (\S+)/);
  return String(held.get(asked));
}

/** Tries every order. */
export function viRanking(prompt: string): string {
  const pairs = found(
    prompt,
    '(\\p{Lu}\\p{Ll}*) (cao|thấp|lớn tuổi|nhỏ tuổi|chạy nhanh|chạy chậm) hơn (\\p{Lu}\\p{Ll}*)',
  ).map(([a = '', how = '', b = '']) => (/thấp|nhỏ|chậm/.test(how) ? [b, a] : [a, b]));
  const people = [...new Set(pairs.flat())];
  const order = only(permutations(people), (line) =>
    pairs.every(([higher = '', lower = '']) => line.indexOf(higher) < line.indexOf(lower)),
  );
  const ranks = ['nhất', 'thứ hai', 'thứ ba', 'thứ tư', 'thứ năm', 'thứ sáu', 'thứ bảy'];
  return nth(
    order,
    ranks.findIndex((rank) => prompt.includes(` ${rank}?`)),
  );
}
