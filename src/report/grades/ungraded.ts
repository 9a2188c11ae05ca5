import type { SummaryRow } from '../../metrics/types.ts';
import { nameOf } from '../notes.ts';
import { counted, formatCount } from '../numbers.ts';
import { neutralise, truncate } from '../text.ts';

/** Rows that share a line are named up to here, and counted beyond. */
const NAMED_ROWS = 3;
const REASON_COLUMNS = 100;

/** What to do about answers that nobody could grade, by what is said of them. */
const REMEDIES: [RegExp, string][] = [
  [
    /--run-code/,
    'allow it with --run-code, which runs what models write in a sandbox, or later: recompute RUN --grade --run-code',
  ],
  [/--run-javascript/, 'allow it with --run-javascript'],
  [/--judge/, 'name a judge: --judge TARGET/MODEL'],
  [/cut off/, 'raise max_tokens of the model in the config'],
  [/judge/, "see the run's notes on its judge"],
];

interface Ungraded {
  row: SummaryRow;
  reason: string;
  count: number;
}

/**
 * One line per reason: whose answers nobody could grade, how many, and what to do about it. Of each
 * row its commonest reasons count, which are all that it holds.
 */
export function ungradedLines(rows: SummaryRow[]): string[] {
  const all = rows.flatMap((row) =>
    Object.entries(row.grades?.ungraded_reasons ?? {}).map(
      ([reason, count]): Ungraded => ({ row, reason, count }),
    ),
  );
  const groups = new Map<string, Ungraded[]>();
  for (const one of all) {
    // What differs in a number alone is one reason.
    const key = one.reason.replaceAll(/\d+(\.\d+)?/g, '#');
    const group = groups.get(key) ?? [];
    groups.set(key, [...group, one]);
  }
  const totalOf = (group: Ungraded[]) => group.reduce((sum, { count }) => sum + count, 0);
  return [...groups.values()]
    .sort((a, b) => totalOf(b) - totalOf(a))
    .map((group) => lineOf(group, totalOf(group), rows));
}

function lineOf(group: Ungraded[], total: number, rows: SummaryRow[]): string {
  const [first] = group as [Ungraded, ...Ungraded[]];
  const reason = truncate(neutralise(first.reason), REASON_COLUMNS);
  const remedy = REMEDIES.find(([pattern]) => pattern.test(first.reason))?.[1];
  const answers = `${counted(total, 'answer')} (${whose(group, rows)})`;
  return `${reason}: ${answers}${remedy === undefined ? '' : `; ${remedy}`}`;
}

function whose(group: Ungraded[], rows: SummaryRow[]): string {
  if (group.length > NAMED_ROWS) return `${formatCount(group.length)} rows`;
  return group.map(({ row, count }) => `${nameOf(row, rows)} ${count}`).join(', ');
}
