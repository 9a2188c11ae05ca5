import { choices, nth, numbersIn, read, readNumbers, sum } from './reading.ts';

/** Terms are continued by the table of differences, by ratios, or by the rule as told. */
export function sequences(prompt: string): string {
  const asked =
    prompt.match(/(\d+)(?:st|nd|rd|th) term/)?.[1] ?? prompt.match(/place (\d+)\?/)?.[1];
  if (/Every further term|From the third term on/.test(prompt)) {
    const [first = 0, second = 0] = readNumbers(
      prompt,
      /(?:begins|Start with) (\d+)(?:,| and) (\d+)/,
    );
    const factor = Number(prompt.match(/(\d+) times the term/)?.[1] ?? 1);
    const [sign = '', amount = ''] = read(prompt, /one before that, (plus|minus) (\d+)/);
    let [before, last] = [first, second];
    for (let term = 3; term <= Number(asked); term++) {
      [before, last] = [last, factor * last + before + Number(amount) * (sign === 'plus' ? 1 : -1)];
    }
    return String(last);
  }
  const [shown = ''] = read(prompt, /((?:-?\d+, ){3,}-?\d+)/);
  const terms = numbersIn(shown);
  if (/constant ratio/.test(prompt)) {
    const place = Number(asked);
    const part = terms.filter((_, index) => index % 2 === (place - 1) % 2);
    const [a = 0, b = 0] = part;
    const steps = Math.floor((place - 1) / 2);
    return String(place % 2 === 1 ? a + steps * (b - a) : a * (b / a) ** steps);
  }
  if (/multiply|times a fixed/.test(prompt)) {
    const [a = 0, b = 0, c = 0] = terms;
    const factor = (c - b) / (b - a);
    return String(nth(terms, terms.length - 1) * factor + (b - a * factor));
  }
  return String(extended(terms, Number(asked))[Number(asked) - 1]);
}

/** Continues a sequence by its table of differences, which has to come to a row of equal steps. */
function extended(terms: number[], length: number): number[] {
  const differences = terms.slice(1).map((term, index) => term - nth(terms, index));
  if (differences.length < 2) throw new Error('the differences never become equal');
  const equal = new Set(differences).size === 1;
  const steps = equal ? differences : extended(differences, length);
  const result = [...terms];
  while (result.length < length) {
    const step = equal ? nth(steps, 0) : nth(steps, result.length - 1);
    result.push(nth(result, result.length - 1) + step);
  }
  return result;
}

export function modular(prompt: string): string {
  if (/smallest/.test(prompt)) {
    const conditions = [...prompt.matchAll(/remainder (\d+) on division by (\d+)/g)];
    for (let n = 1; ; n++) {
      if (conditions.every(([, rest, m]) => n % Number(m) === Number(rest))) return String(n);
    }
  }
  const power = prompt.match(/(\d+)\^(\d+)/);
  const [modulus = '100'] = prompt.match(/(?<=modulo |divided by )\d+/) ?? [];
  if (power) return String(BigInt(power[1] ?? 0) ** BigInt(power[2] ?? 0) % BigInt(modulus));
  const [a = 0, b = 0, c = 0] = readNumbers(prompt, /(\d+) × (\d+) \+ (\d+)/);
  return String((a * b + c) % Number(modulus));
}

/** Everything is counted one by one. */
export function counting(prompt: string): string {
  if (/prizes|parts/.test(prompt)) {
    const numbers = numbersIn(prompt);
    const [places = 0, people = 0] = [nth(numbers, 0), Math.max(...numbers)];
    return String(countFillings(places, people, new Set()));
  }
  const word = prompt.match(/"(\w+)"/)?.[1];
  if (word !== undefined) return String(countArrangements(word, new Map()));
  if (/divisible/.test(prompt)) {
    const [, limit = 0, a = 0, b = 0] = numbersIn(prompt);
    const exclusive = /not by both/.test(prompt);
    let hits = 0;
    for (let n = 1; n <= limit; n++) {
      const [first, second] = [n % a === 0, n % b === 0];
      if (exclusive ? first !== second : first || second) hits += 1;
    }
    return String(hits);
  }
  if (/\(0, 0\)/.test(prompt)) {
    const points = [...prompt.matchAll(/\((\d+), (\d+)\)/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
    const [, [east = 0, north = 0] = [], [x = 0, y = 0] = []] = points;
    const walk = (i: number, j: number): number => {
      if (i > east || j > north || (i === x && j === y)) return 0;
      return i === east && j === north ? 1 : walk(i + 1, j) + walk(i, j + 1);
    };
    return String(walk(0, 0));
  }
  const [engineers = 0] = readNumbers(prompt, /(\d+) engineers and/);
  const [doctors = 0] = readNumbers(prompt, /(\d+) doctors/);
  const [size = 0] = readNumbers(prompt, /(?:team|panel) of (\d+)/);
  const [least = 0] = readNumbers(prompt, /at least (\d+)/);
  const teams = choices(engineers + doctors, size).filter((team) => {
    return team.filter((person) => person < engineers).length >= least;
  });
  return String(teams.length);
}

function countFillings(places: number, people: number, taken: Set<number>): number {
  if (places === 0) return 1;
  let ways = 0;
  for (let person = 0; person < people; person++) {
    if (!taken.has(person)) ways += countFillings(places - 1, people, new Set([...taken, person]));
  }
  return ways;
}

/** Words by their first letter, each rest counted once. */
function countArrangements(letters: string, known: Map<string, number>): number {
  if (letters.length <= 1) return 1;
  const found = known.get(letters);
  if (found !== undefined) return found;
  const rests = [...new Set(letters)].map((letter) =>
    [...letters.replace(letter, '')].sort().join(''),
  );
  const ways = sum(rests.map((rest) => countArrangements(rest, known)));
  known.set(letters, ways);
  return ways;
}

/** Equally likely outcomes, counted one by one. */
export function probability(prompt: string): string {
  if (/dice/.test(prompt)) {
    const [first = 0] = readNumbers(prompt, /one with (\d+) sides/);
    const [second = 0] = readNumbers(prompt, /\), one with (\d+) sides/);
    const [how = '', wanted = ''] = read(prompt, /sum is (at least|exactly) (\d+)/);
    let hits = 0;
    for (let outcome = 0; outcome < first * second; outcome++) {
      const total = (outcome % first) + Math.floor(outcome / first) + 2;
      if (how === 'exactly' ? total === Number(wanted) : total >= Number(wanted)) hits += 1;
    }
    return reduced(hits, first * second);
  }
  const [countA = 0, countB = 0] = readNumbers(prompt, /(\d+) \w+ and (\d+) \w+ balls/);
  const drawn = Number(
    prompt
      .match(/balls\. (\d)|in a bag (\d)/)
      ?.slice(1)
      .find(Boolean) ?? 1,
  );
  const least = Number(prompt.match(/at least (\d)/)?.[1] ?? 0);
  const exactly = Number(prompt.match(/exactly (\d)/)?.[1] ?? 1);
  const same = /same colour/.test(prompt);
  const possible = choices(countA + countB, drawn)
    .map((balls) => balls.filter((ball) => ball < countA).length)
    .filter((first) => first >= least);
  const hits = possible.filter((first) =>
    same ? first === 0 || first === drawn : first === exactly,
  );
  return reduced(hits.length, possible.length);
}

function reduced(hits: number, all: number): string {
  for (let divisor = all; divisor > 1; divisor--) {
    if (hits % divisor === 0 && all % divisor === 0) return `${hits / divisor}/${all / divisor}`;
  }
  return `${hits}/${all}`;
}

/** Inclusion and exclusion over the numbers given. */
export function venn(prompt: string): string {
  const [total = 0] = readNumbers(prompt, /(?:group of|Of) (\d+)/);
  const facts = prompt
    .slice(0, prompt.indexOf('('))
    .split(/, (?:and )?/)
    .slice(1);
  const given = (pattern: RegExp) =>
    facts.filter((fact) => pattern.test(fact)).map((fact) => nth(numbersIn(fact), 0));
  const [triple = 0] = given(/all three/);
  const pairs = given(/both/);
  const singles = facts
    .filter((fact) => !/both|all three/.test(fact))
    .map((f) => nth(numbersIn(f), 0));
  const [pairSum, singleSum] = [sum(pairs), sum(singles)];
  if (/none of/.test(prompt)) return String(total - singleSum + pairSum - triple);
  if (/exactly one/.test(prompt)) return String(singleSum - 2 * pairSum + 3 * triple);
  return String(pairSum - 3 * triple);
}
