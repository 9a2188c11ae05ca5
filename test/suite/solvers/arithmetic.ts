import { nth, numbersIn, read, readNumbers, sum } from './reading.ts';

export function shopping(prompt: string): string {
  const lines = [...prompt.matchAll(/(\d+) \w+ at \$(\d+) each/g)];
  let cents = sum(lines.map(([, count, dollars]) => Number(count) * Number(dollars) * 100));
  cents -= 100 * Number(prompt.match(/takes \$(\d+) off/)?.[1] ?? 0);
  cents -= (cents * Number(prompt.match(/reduced by (\d+)%/)?.[1] ?? 0)) / 100;
  cents -= 100 * Number(prompt.match(/contributes \$(\d+)/)?.[1] ?? 0);
  const handed = prompt.match(/hands over \$(\d+)/)?.[1];
  return String((handed === undefined ? cents : Number(handed) * 100 - cents) / 100);
}

/** Trains are moved minute by minute. */
export function trains(prompt: string): string {
  if (/remaining|during/.test(prompt)) {
    const [speed = 0, hours = 0, second = 0, more = 0] = numbersIn(prompt);
    return String(travelled(speed, hours * 60) + travelled(second, more * 60));
  }
  const numbers = numbersIn(prompt);
  if (/back/.test(prompt)) {
    const [distance = 0, out = 0, stop = 0, back = 0] = numbers;
    return String(minutesFor(distance, out) + stop + minutesFor(distance, back));
  }
  if (/kilometres/.test(prompt)) {
    const [distance = 0, a = 0, ...rest] = numbers;
    const [lead = 0, b = 0] = rest;
    // Both are at the same place when a·t = distance − b·(t − lead), in kilometres times 60.
    const minutes = (distance * 60 + b * lead) / (a + b);
    return String(Math.round((a * minutes) / 60));
  }
  if (/later|after it/.test(prompt)) {
    const [slow = 0, lead = 0, fast = 0] = numbers;
    for (let minute = 0; ; minute++) {
      if (fast * minute >= slow * (minute + lead)) return String(minute);
    }
  }
  const [distance = 0, a = 0, b = 0] = numbers;
  for (let minute = 0; ; minute++) {
    if ((a + b) * minute >= distance * 60) return String(minute);
  }
}

function travelled(kmh: number, minutes: number): number {
  let metres = 0;
  for (let minute = 0; minute < minutes; minute++) metres += (kmh * 1000) / 60;
  return Math.round(metres / 1000);
}

function minutesFor(distance: number, kmh: number): number {
  for (let minute = 0; ; minute++) if (kmh * minute >= distance * 60) return minute;
}

/** Amounts are tried one after another until the balance of the solute is right. */
export function mixtures(prompt: string): string {
  const numbers = numbersIn(prompt);
  if (/millilitres/.test(prompt)) {
    const [total = 0, percent = 0, drained = 0, times = 0] = numbers;
    let left = total * 10 * percent;
    for (let time = 0; time < times; time++) left -= (left * drained) / total;
    return String(Math.round(left));
  }
  if (/pure water/.test(prompt)) {
    const [x, p, r] = numbers;
    return tryAmounts(
      (water) =>
        share([
          [x, p],
          [water, 0],
        ]) === r,
    );
  }
  if (/stronger/.test(prompt)) {
    const [total = 0, r, p, q] = numbers;
    const [strong, weak] = [Math.max(p ?? 0, q ?? 0), Math.min(p ?? 0, q ?? 0)];
    return tryAmounts(
      (amount) =>
        share([
          [amount, strong],
          [total - amount, weak],
        ]) === r,
    );
  }
  if (/poured in|added/.test(prompt)) {
    const [y, q, p, r] = numbers;
    return tryAmounts(
      (amount) =>
        amount > 0 &&
        share([
          [y, q],
          [amount, p],
        ]) === r,
    );
  }
  const [x, p, y, q] = numbers;
  return String(
    share([
      [x, p],
      [y, q],
    ]),
  );
}

type Part = [litres: number | undefined, percent: number | undefined];

function share(parts: Part[]): number {
  const litres = sum(parts.map(([amount]) => amount ?? 0));
  return sum(parts.map(([amount, percent]) => (amount ?? 0) * (percent ?? 0))) / litres;
}

function tryAmounts(suits: (amount: number) => boolean): string {
  for (let amount = 0; amount < 10_000; amount++) if (suits(amount)) return String(amount);
  throw new Error('no whole amount suits');
}

/** The closed form: g·x + a repeated n times is gⁿ·x + a·(gⁿ − 1)/(g − 1). */
export function compoundGrowth(prompt: string): string {
  const [start = 0] = readNumbers(prompt, /(?:There are|starts with) (\d+)/);
  const [percent = 0] = readNumbers(prompt, /(\d+)%/);
  const change = prompt.match(/(\d+) \w+ are (added|taken out) at the end/);
  const added = change === null ? 0 : Number(change[1]) * (change[2] === 'added' ? 1 : -1);
  const growth = 1 + percent / 100;
  const after = (n: number) => growth ** n * start + (added * (growth ** n - 1)) / (growth - 1);
  const years = prompt.match(/after (\d+) years\?/)?.[1];
  if (years !== undefined) return String(Math.round(after(Number(years))));
  const [mark = 0] = readNumbers(prompt, /at least (\d+)/);
  for (let n = 1; ; n++) if (Math.round(after(n)) >= mark) return String(n);
}

const DAY_MS = 86_400_000;
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const weekdayOf = (ms: number) => nth(WEEKDAYS, new Date(ms).getUTCDay());

/** By the calendar of the runtime. */
export function calendar(prompt: string): string {
  const dates = [...prompt.matchAll(/\d+ [A-Z]\w+ \d{4}/g)].map(([date]) =>
    Date.parse(`${date} UTC`),
  );
  const [first = 0, second = 0] = dates;
  if (/^Today/.test(prompt)) {
    const [today = '', days = ''] = read(prompt, /is a (\w+)\..* (\d+) days/);
    const offset = Number(days) * (/ago/.test(prompt) ? -1 : 1);
    const now = WEEKDAYS.indexOf(today);
    return nth(WEEKDAYS, (((now + offset) % 7) + 7) % 7);
  }
  if (/how many months/.test(prompt)) {
    const [until = 0] = readNumbers(prompt, /end of (\d{4})/);
    const [weekday = '', day = ''] = read(prompt, /have a (\w+) on day (\d+)/);
    if (weekdayOf(first) !== read(prompt, /is a (\w+) in/)[0])
      throw new Error('wrong weekday given');
    let months = 0;
    for (let ms = first; ms < Date.UTC(until + 1, 0, 1); ms += DAY_MS) {
      if (new Date(ms).getUTCDate() === Number(day) && weekdayOf(ms) === weekday) months += 1;
    }
    return String(months);
  }
  if (/weekday/.test(prompt)) {
    const [known] = read(prompt, /(?:is a|on a) (\w+day)/);
    if (weekdayOf(first) !== known) throw new Error('wrong weekday given');
    return weekdayOf(second);
  }
  return String((second - first) / DAY_MS);
}

const TO_SMALLEST = { day: 86_400, hour: 3600, minute: 60 } as const;

export function unitConversion(prompt: string): string {
  if (/seconds (are|is that)/.test(prompt)) {
    const parts = [...prompt.matchAll(/(\d+) (day|hour|minute)s/g)];
    return String(
      sum(parts.map(([, n, unit]) => Number(n) * TO_SMALLEST[unit as keyof typeof TO_SMALLEST])),
    );
  }
  if (/km\/h/.test(prompt)) {
    const [kmh = 0, seconds = 0] = numbersIn(prompt);
    return String((kmh / 3.6) * seconds).replace(/^(\d+)\.(0000|9999)\d*$/, (text) =>
      String(Math.round(Number(text))),
    );
  }
  if (/cubic/.test(prompt)) {
    const [millilitres = 0, cubicMetres = 0] = numbersIn(prompt);
    return String((cubicMetres * 1e6) / (millilitres * 60));
  }
  return inventedUnits(prompt);
}

/** Every rule is applied until all units are known in terms of the first one met. */
function inventedUnits(prompt: string): string {
  const rules = [...prompt.matchAll(/1 (\w+) is (\d+) (\w+?)s\./g)];
  const worth = new Map([[rules[0]?.[1] ?? '', 1]]);
  for (let round = 0; round < rules.length; round++) {
    for (const [, big = '', factor, small = ''] of rules) {
      const [one, other] = [worth.get(big), worth.get(small)];
      if (one !== undefined) worth.set(small, one / Number(factor));
      else if (other !== undefined) worth.set(big, other * Number(factor));
    }
  }
  const value = (unit: string) => worth.get(unit) ?? Number.NaN;
  const price = prompt.match(/One (\w+) costs (\d+) coins/);
  if (price !== null) {
    const [amount = '', unit = '', more = '', other = ''] = read(
      prompt,
      /do (\d+) (\w+?)s and (\d+) (\w+?)s cost/,
    );
    const total = Number(amount) * value(unit) + Number(more) * value(other);
    return String(Math.round((total / value(price[1] ?? '')) * Number(price[2])));
  }
  const made = prompt.match(/How many (\w+?)s do (\d+) (\w+?)s make/);
  const asked = made ?? prompt.match(/How many (\w+?)s are (\d+) (\w+?)s\?/) ?? [];
  const [, to = '', amount = '', from = ''] = asked;
  return String(Math.round((Number(amount) * value(from)) / value(to)));
}

/** The hands as directions in the plane, by their cosine. */
export function clockAngle(prompt: string): string {
  const [hour = 0, minute = 0] = readNumbers(prompt, /(\d\d):(\d\d)/);
  let minutes = hour * 60 + minute;
  const later = prompt.match(/(\d+) hours and (\d+) minutes/);
  if (later !== null) minutes += Number(later[1]) * 60 + Number(later[2]);
  const drift = prompt.match(/(gains|loses) (\d+) minutes/);
  if (drift !== null) {
    const [hours = 0] = readNumbers(prompt, /when (\d+) hours/);
    minutes += hours * (60 + Number(drift[2]) * (drift[1] === 'gains' ? 1 : -1));
  }
  const turn = (part: number) => part * 2 * Math.PI;
  const difference = turn(minutes / 720) - turn(minutes / 60);
  const degrees = (Math.acos(Math.cos(difference)) * 180) / Math.PI;
  return String(Math.round(degrees * 2) / 2);
}
