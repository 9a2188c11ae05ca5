import { choices, nth, sum } from './reading.ts';

/** Answers of written cases by another way than the author's: by trying out, walking, counting. */
export const WRITTEN: Record<string, Record<string, () => number | string>> = {
  reasoning: {
    'snail-and-well': () => {
      let [day, height] = [1, 4];
      while (height < 12) {
        height += 4 - 3;
        day += 1;
      }
      return day;
    },
    'overtaken-second': () => {
      const race = ['leader', 'second', 'me', 'behind'];
      race.splice(1, 2, 'me', 'second');
      race.splice(1, 0, ...race.splice(race.indexOf('behind'), 1));
      return race.indexOf('me') + 1;
    },
    'pen-and-case': () =>
      nth(
        upTo(1300).filter((cents) => cents + (cents + 1200) === 1300),
        0,
      ),
    gears: () => {
      const turns = Array.from({ length: 8 }, (_, gear) => gear % 2 === 0);
      return turns[0] === turns[7] ? 'turns' : 'Nothing turns: the ring is blocked';
    },
    'wrong-labels': () => {
      const labels = ['a', 'p', 'ap'];
      const contents = permutationsOf(labels).filter((each) =>
        each.every((c, i) => c !== labels[i]),
      );
      const settles = labels.filter((_, box) =>
        ['a', 'p'].every(
          (fruit) => contents.filter((each) => nth(each, box).includes(fruit)).length <= 1,
        ),
      );
      return { a: '"apples"', p: '"pears"', ap: '"apples and pears"' }[nth(settles, 0)] ?? '';
    },
    'socks-in-the-dark': () => {
      const unlucky = upTo(10).flatMap((grey) =>
        upTo(8).flatMap((brown) =>
          upTo(6)
            .filter((green) => sum([grey, brown, green].map((n) => Math.floor(n / 2))) < 2)
            .map((green) => grey + brown + green),
        ),
      );
      return Math.max(...unlucky) + 1;
    },
    'handshake-dinner': () =>
      choices(10, 2).filter(([a = 0, b = 0]) => Math.floor(a / 2) !== Math.floor(b / 2)).length,
    'cube-paint': () => {
      const at = (n: number) => [n % 4, Math.floor(n / 4) % 4, Math.floor(n / 16)];
      return upTo(63).filter((n) => at(n).filter((x) => x === 0 || x === 3).length === 2).length;
    },
    'sister-count': () => ['Noor', 'her sister'].filter((girl) => girl !== 'Noor').length,
    candles: () =>
      Array.from({ length: 12 }, (_, n) => n < 4).filter((blownOut) => blownOut).length,
    'bridge-at-night': () => leastCrossing([1, 2, 5, 10], []),
  },
  japanese: {
    'math-apples-price': () => sum([...times(7, 80), ...times(2, 250)]),
    'math-consumption-tax': () => 3200 + 3200 / 10,
    'math-walking-speed': () => firstOf((minutes) => minutes * 70 === 1400),
    'math-tsuru-kame': () => firstOf((turtles) => turtles * 4 + (12 - turtles) * 2 === 34),
    'math-age-difference': () => firstOf((years) => 40 + years === 3 * (12 + years)),
    'math-tatami-area': () => sum(times(8, 16)) / 10,
    'math-kanji-numerals': () => 35_200 - 9800,
    'math-reiwa-year': () => 2019 + 12 - 1,
    'math-shared-origami': () => firstOf((left) => (85 - left) % 6 === 0),
    'math-trees-along-road': () => upTo(100).filter((metre) => metre % 5 === 0).length,
    'math-discount-wari': () => 6000 - 3 * 600,
    'math-clock-duration': () => minutesBetween('10:40', '13:05'),
    'math-average-score': () => firstOf((mean) => mean * 3 === 72 + 85 + 80),
    'math-full-width-digits': () => sum(times(8, 125)) - 350,
    'translate-ja-en-number-man': () => 3 * 10 ** 8 + 2000 * 10 ** 4,
    'count-kana-of-word': () => [...'しゅうかんし'].length,
    'read-moved-meeting': () => clock(15 * 60 - 60 + 30),
  },
  vietnamese: {
    'math-oranges-change': () => 200_000 - sum(times(3, 45_000)),
    'math-chickens-and-dogs': () => firstOf((dogs) => dogs * 4 + (20 - dogs) * 2 === 56),
    'math-motorbike-distance': () => (36 * 90) / 60,
    'math-rectangle-garden': () => 15 * firstOf((width) => width * 3 === 15),
    'math-class-girls-percent': () => firstOf((girls) => girls * 100 === 55 * 40),
    'math-bus-hours': () => minutesBetween('21:15', '05:45'),
    'math-father-age': () => sum(times(4, 8)) + 4,
    'math-rice-bags': () => firstOf((left) => (250 - left) % 12 === 0),
    'math-average-temperature': () => firstOf((mean) => mean * 3 === 28 + 30 + 35),
    'math-words-to-number': () => 2 * 10 ** 6 + 305 * 10 ** 3,
    'math-discount-phone': () => 5_000_000 - 15 * 50_000,
    'math-workers-days': () => firstOf((days) => days * 4 === 6 * 10),
    'math-eggs-left': () => 20 - 7 - 2,
    'math-saving-weeks': () => firstOf((weeks) => weeks * 35_000 >= 240_000),
    'number-style-write': () => (1234.5).toLocaleString('vi-VN'),
    'number-style-compare': () =>
      nth(
        ['2,75', '2.500', '30,5', '900'].toSorted((a, b) => metres(b) - metres(a)),
        0,
      ),
    'read-moved-meeting': () => clock(15 * 60 - 60 + 30),
    'translate-vi-number-english': () => 1000 + 9 * 100 + 45,
  },
};

const upTo = (last: number) => Array.from({ length: last + 1 }, (_, n) => n);
const times = (count: number, n: number) => Array.from({ length: count }, () => n);
const firstOf = (suits: (n: number) => boolean) => nth(upTo(10_000).filter(suits), 0);
const metres = (text: string) => Number(text.replace('.', '').replace(',', '.'));
const clock = (minutes: number) => `${Math.floor(minutes / 60)}:${minutes % 60}`;

function minutesBetween(from: string, to: string): number {
  const [start, end] = [from, to].map((time) => Date.parse(`2030-01-01T${time}Z`) / 60_000) as [
    number,
    number,
  ];
  return end >= start ? end - start : end + 1440 - start;
}

function permutationsOf<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutationsOf(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}

/** Every way over, two at a time and one back with the torch. */
function leastCrossing(here: readonly number[], there: readonly number[]): number {
  const pairs = choices(here.length, 2).map((pair) => pair.map((index) => nth(here, index)));
  return Math.min(
    ...pairs.map((pair) => {
      const left = here.filter((each) => !pair.includes(each));
      const over = [...there, ...pair];
      if (left.length === 0) return Math.max(...pair);
      return Math.min(
        ...over.map(
          (back) =>
            Math.max(...pair) +
            back +
            leastCrossing(
              [...left, back],
              over.filter((each) => each !== back),
            ),
        ),
      );
    }),
  );
}
