import type { Random } from '../../random.ts';
import { choiceAnswer, integerAnswer } from './answers.ts';
import { at, type Family, forLevel, type GeneratedCase } from './family.ts';
import { counted } from './words.ts';

const WEEKDAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');
const MONTHS =
  'January February March April May June July August September October November December'.split(
    ' ',
  );
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

interface Day {
  year: number;
  /** 0 for January. */
  month: number;
  /** From 1. */
  day: number;
}

const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysIn = (year: number, month: number) =>
  month === 1 && isLeap(year) ? 29 : at(MONTH_DAYS, month);

/** Days since 1 January 1900, a Monday. */
function serial({ year, month, day }: Day): number {
  let days = day - 1;
  for (let before = 1900; before < year; before++) days += isLeap(before) ? 366 : 365;
  for (let before = 0; before < month; before++) days += daysIn(year, before);
  return days;
}

const weekdayOf = (days: number) => at(WEEKDAYS, ((days % 7) + 7) % 7);
const written = ({ year, month, day }: Day) => `${day} ${at(MONTHS, month)} ${year}`;

function anyDay(random: Random, firstYear: number, lastYear: number): Day {
  const [year, month] = [random.integer(firstYear, lastYear), random.integer(0, 11)];
  return { year, month, day: random.integer(1, daysIn(year, month)) };
}

/** Weekdays ahead, days within a year, days over years, weekday of a far date, Fridays the 13th. */
export const calendar: Family = {
  name: 'calendar',
  description: 'Weekdays and days between dates, leap years included',
  generate(random, difficulty) {
    const levels = [weekdayAhead, daysWithinYear, daysOverYears, weekdayOfDate, unluckyDays];
    return forLevel(levels, difficulty)(random);
  },
};

function weekdayAhead(random: Random): GeneratedCase {
  const [today, days] = [random.integer(0, 6), random.integer(20, 400)];
  const ahead = random.pick([true, false]);
  const question = ahead
    ? `Today is a ${weekdayOf(today)}. Which weekday will it be in ${counted(days, 'day')}?`
    : `Today is a ${weekdayOf(today)}. Which weekday was it ${counted(days, 'day')} ago?`;
  return choiceAnswer(random, question, weekdayOf(today + (ahead ? days : -days)), WEEKDAYS);
}

function daysWithinYear(random: Random): GeneratedCase {
  const year = random.integer(1990, 2040);
  const [first, second] = inOrder(anyDay(random, year, year), anyDay(random, year, year));
  return daysBetween(random, first, second);
}

function daysOverYears(random: Random): GeneratedCase {
  const first = anyDay(random, 1950, 2030);
  return daysBetween(random, first, anyDay(random, first.year + 1, first.year + 6));
}

function daysBetween(random: Random, first: Day, second: Day): GeneratedCase {
  const question = random.pick([
    `How many days after ${written(first)} is ${written(second)}?`,
    `Someone counts one day for each midnight from ${written(first)} to ${written(second)}. How many days are counted?`,
    `A shop opened on ${written(first)}. For how many days had it been open on ${written(second)}, the opening day itself not counted?`,
  ]);
  return integerAnswer(question, serial(second) - serial(first));
}

function weekdayOfDate(random: Random): GeneratedCase {
  const [known, asked] = [anyDay(random, 1950, 2040), anyDay(random, 1950, 2040)];
  const question = random.pick([
    `${written(known)} is a ${weekdayOf(serial(known))} in the Gregorian calendar. Which weekday is ${written(asked)}?`,
    `Given that ${written(known)} falls on a ${weekdayOf(serial(known))} (Gregorian calendar), on which weekday does ${written(asked)} fall?`,
  ]);
  return choiceAnswer(random, question, weekdayOf(serial(asked)), WEEKDAYS);
}

function unluckyDays(random: Random): GeneratedCase {
  const year = random.integer(1950, 2060);
  const years = random.integer(2, 4);
  const [day, weekday] = [random.integer(5, 28), random.pick(WEEKDAYS)];
  let hits = 0;
  for (let month = 0; month < 12 * years; month++) {
    const date = { year: year + Math.floor(month / 12), month: month % 12, day };
    if (weekdayOf(serial(date)) === weekday) hits += 1;
  }
  const newYear = weekdayOf(serial({ year, month: 0, day: 1 }));
  const question = `1 January ${year} is a ${newYear} in the Gregorian calendar. From then until the end of ${year + years - 1}, how many months have a ${weekday} on day ${day} of the month?`;
  return integerAnswer(question, hits);
}

function inOrder(a: Day, b: Day): [Day, Day] {
  return serial(a) <= serial(b) ? [a, b] : [b, a];
}
