import type { Random } from '../../../random.ts';
import { at, type Family, forLevel, type GeneratedCase } from '../family.ts';
import { localAnswer, localNumber } from '../local-answers.ts';
import { kanjiNumber, writtenNumber } from './writing.ts';

const WEEKDAYS = '日月火水木金土';
/** Eras by the year before their first; only years that lie wholly within one are asked about. */
const ERAS = [
  { name: '昭和', before: 1925, last: 63 },
  { name: '平成', before: 1988, last: 30 },
  { name: '令和', before: 2018, last: 20 },
] as const;
const DAY_MS = 86_400_000;

/** Weekday ahead, era to year, days between dates, age over eras, weekday of a far date. */
export const jaDates: Family = {
  name: 'ja-dates',
  description: 'Japanese: weekdays, days between dates, years of the eras',
  language: 'ja',
  generate(random, difficulty) {
    return forLevel([weekdayAhead, eraYear, daysBetween, age, farWeekday], difficulty)(random);
  },
};

function weekdayAhead(random: Random): GeneratedCase {
  const [today, days] = [random.integer(0, 6), random.integer(9, 90)];
  const amount = writtenNumber(random, days);
  const ahead = random.pick([true, false]);
  const question = ahead
    ? `今日は${WEEKDAYS.charAt(today)}曜日です。${amount}日後は何曜日ですか。`
    : `今日は${WEEKDAYS.charAt(today)}曜日です。${amount}日前は何曜日でしたか。`;
  return weekdayAnswer(question, today + (ahead ? days : -days));
}

function eraYear(random: Random): GeneratedCase {
  const { name, before, last } = random.pick(ERAS);
  const year = random.integer(2, last);
  const known = `${name}元年は西暦${before + 1}年です。`;
  if (random.next() < 0.5) {
    const question = `${known}${name}${writtenNumber(random, year)}年は西暦何年ですか。`;
    return localNumber('ja', question, before + year);
  }
  return localNumber('ja', `${known}西暦${before + year}年は${name}何年ですか。`, year);
}

function daysBetween(random: Random): GeneratedCase {
  const year = random.integer(2020, 2035);
  const [first, second] = [dayOf(random, year), dayOf(random, year)].sort((a, b) => a - b) as [
    number,
    number,
  ];
  const question = `${year}年の${monthAndDay(random, first)}から${monthAndDay(random, second)}までは何日ありますか。初日は数えません。`;
  return localNumber('ja', question, Math.round((second - first) / DAY_MS));
}

function age(random: Random): GeneratedCase {
  const [born, now] = random.pick([
    [ERAS[0], ERAS[1]] as const,
    [ERAS[0], ERAS[2]] as const,
    [ERAS[1], ERAS[2]] as const,
  ]);
  const [bornYear, nowYear] = [random.integer(2, born.last), random.integer(2, now.last)];
  const question = `昭和元年は西暦1926年、平成元年は西暦1989年、令和元年は西暦2019年です。${born.name}${kanjiNumber(bornYear)}年生まれの人は、${now.name}${kanjiNumber(nowYear)}年の誕生日に満何歳になりますか。`;
  return localNumber('ja', question, now.before + nowYear - born.before - bornYear);
}

function farWeekday(random: Random): GeneratedCase {
  const [first, second] = [random.integer(2024, 2030), random.integer(2031, 2037)].map((year) =>
    dayOf(random, year),
  ) as [number, number];
  const written = (day: number) => `${new Date(day).getUTCFullYear()}年${monthAndDay(random, day)}`;
  const weekday = WEEKDAYS.charAt(new Date(first).getUTCDay());
  const question = `${written(first)}は${weekday}曜日です。${written(second)}は何曜日ですか。`;
  return weekdayAnswer(question, new Date(second).getUTCDay());
}

/** A day of a year as milliseconds of UTC. */
function dayOf(random: Random, year: number): number {
  return Date.UTC(year, 0, 1) + random.integer(0, 364) * DAY_MS;
}

function monthAndDay(random: Random, day: number): string {
  const date = new Date(day);
  const write = random.pick([String, kanjiNumber]);
  return `${write(date.getUTCMonth() + 1)}月${write(date.getUTCDate())}日`;
}

function weekdayAnswer(question: string, weekday: number): GeneratedCase {
  const letters = [...WEEKDAYS];
  const right = at(letters, ((weekday % 7) + 7) % 7);
  const wrong = at(letters, (letters.indexOf(right) + 3) % 7);
  return localAnswer('ja', question, '曜日', [`${right}曜日`, `${right}曜`], `${wrong}曜日`);
}
