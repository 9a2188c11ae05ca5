import type { Random } from '../../random.ts';

export const NAMES = [
  ...['Ada', 'Bruno', 'Chidi', 'Dalia', 'Emil', 'Farah', 'Goran', 'Hana', 'Ivo', 'Jonas'],
  ...['Kaya', 'Linh', 'Mateo', 'Nadia', 'Oskar', 'Priya', 'Quinn', 'Rosa', 'Sven', 'Tala'],
  ...['Uma', 'Viktor', 'Wen', 'Yuki', 'Zoe'],
] as const;

export const TOWNS = [
  ...['Arlow', 'Brinmoor', 'Caldby', 'Dunholm', 'Eastry', 'Farrow', 'Glenside', 'Harwick'],
  ...['Ilmere', 'Jarrow', 'Kestrel', 'Lowick', 'Marden', 'Norvik', 'Oldcastle', 'Pemberley'],
] as const;

/** `count` different elements in random order. */
export function sample<T>(random: Random, items: readonly T[], count: number): T[] {
  return random.shuffle(items).slice(0, count);
}

/** `a, b and c`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** `1st`, `2nd`, `3rd`, `4th`, … */
export function ordinal(n: number): string {
  const suffix = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${suffix}`;
}

/** `1 day`, `2 days`. */
export function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
