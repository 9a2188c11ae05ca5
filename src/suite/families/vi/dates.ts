import type { Random } from '../../../random.ts';
import { at, type Family, forLevel, type GeneratedCase } from '../family.ts';
import { localAnswer, localNumber } from '../local-answers.ts';

const WEEKDAYS = [
  'Chủ nhật',
  ...['Hai', 'Ba', 'Tư', 'Năm', 'Sáu', 'Bảy'].map((day) => `thứ ${day}`),
];
const DAY_MS = 86_400_000;

/** Weekday ahead, minutes of a journey, days between dates, a return after days and hours, a far weekday. */
export const viDates: Family = {
  name: 'vi-dates',
  description: 'Vietnamese: weekdays, times of day, days between dates',
  language: 'vi',
  generate(random, difficulty) {
    return forLevel([weekdayAhead, journey, daysBetween, lessons, farWeekday], difficulty)(random);
  },
};

function weekdayAhead(random: Random): GeneratedCase {
  const [today, days] = [random.integer(0, 6), random.integer(9, 90)];
  const ahead = random.pick([true, false]);
  const question = ahead
    ? `Hôm nay là ${at(WEEKDAYS, today)}. ${days} ngày nữa là thứ mấy?`
    : `Hôm nay là ${at(WEEKDAYS, today)}. ${days} ngày trước là thứ mấy?`;
  return weekdayAnswer(question, today + (ahead ? days : -days));
}

function journey(random: Random): GeneratedCase {
  const start = random.integer(12 * 60, 23 * 60 + 59);
  const minutes = random.integer(95, 11 * 60);
  const end = start + minutes;
  const clock = (time: number) => `${Math.floor(time / 60) % 24} giờ ${time % 60} phút`;
  const day = end >= 24 * 60 ? 'hôm sau' : 'cùng ngày';
  const question = random.pick([
    `Tàu chạy lúc ${clock(start)} và đến nơi lúc ${clock(end)} ${day}. Tàu chạy hết bao nhiêu phút?`,
    `Xe khách khởi hành lúc ${clock(start)}, tới bến lúc ${clock(end)} ${day}. Chuyến đi kéo dài bao nhiêu phút?`,
  ]);
  return localNumber('vi', question, minutes);
}

function daysBetween(random: Random): GeneratedCase {
  const year = random.integer(2020, 2035);
  const [first, second] = [dayOf(random, year), dayOf(random, year)].sort((a, b) => a - b) as [
    number,
    number,
  ];
  const question = random.pick([
    `Từ ngày ${written(first)} đến ngày ${written(second)} có bao nhiêu ngày, không tính ngày đầu?`,
    `Ngày ${written(second)} cách ngày ${written(first)} bao nhiêu ngày?`,
  ]);
  return localNumber('vi', question, Math.round((second - first) / DAY_MS));
}

/** On which weekdays lessons fall, and how many there are in a stretch of days. */
function lessons(random: Random): GeneratedCase {
  const [first, days] = [random.integer(0, 6), random.integer(25, 90)];
  const [a, b] = random.shuffle([1, 2, 3, 4, 5, 6]) as [number, number];
  let count = 0;
  for (let day = 0; day < days; day++) if ([a, b].includes((first + day) % 7)) count += 1;
  const question = `Khóa học kéo dài ${days} ngày liên tiếp, ngày đầu tiên là ${at(WEEKDAYS, first)}. Lớp chỉ học vào ${at(WEEKDAYS, a)} và ${at(WEEKDAYS, b)}. Cả khóa có bao nhiêu buổi học?`;
  return localNumber('vi', question, count);
}

function farWeekday(random: Random): GeneratedCase {
  const [first, second] = [random.integer(2024, 2030), random.integer(2031, 2037)].map((year) =>
    dayOf(random, year),
  ) as [number, number];
  const weekday = at(WEEKDAYS, new Date(first).getUTCDay());
  const question = `Ngày ${written(first)} là ${weekday}. Hỏi ngày ${written(second)} là thứ mấy?`;
  return weekdayAnswer(question, new Date(second).getUTCDay());
}

/** A day of a year as milliseconds of UTC. */
function dayOf(random: Random, year: number): number {
  return Date.UTC(year, 0, 1) + random.integer(0, 364) * DAY_MS;
}

/** Day before month, as Vietnam writes it. */
function written(day: number): string {
  const date = new Date(day);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(date.getUTCDate())}/${two(date.getUTCMonth() + 1)}/${date.getUTCFullYear()}`;
}

function weekdayAnswer(question: string, weekday: number): GeneratedCase {
  const index = ((weekday % 7) + 7) % 7;
  const right = at(WEEKDAYS, index);
  const accepted = index === 0 ? [right] : [right, `thứ ${index + 1}`];
  return localAnswer('vi', question, 'thứ', accepted, at(WEEKDAYS, (index + 3) % 7));
}
