import type { OutcomeClass } from '../decode/types.ts';
import type { SummaryRow } from '../metrics/types.ts';
import { NOT_ADDRESSED } from '../suite/audience.ts';
import { nameOf } from './notes.ts';
import { counted } from './numbers.ts';
import { neutralise, truncate } from './text.ts';
import { distinct } from './view.ts';

/** What befell the requests of one row: a class of failure, or a reason not to send them. */
interface Shortfall {
  row: SummaryRow;
  count: number;
  message: string;
}

const MESSAGE_COLUMNS = 120;
/** Rows that share a line are named up to here, and counted beyond. */
const NAMED_ROWS = 3;

/** One line per class and message: whose requests failed so, how often, and what they were told. */
export function failureLines(rows: SummaryRow[]): string[] {
  const failures = rows.flatMap((row) =>
    (Object.entries(row.failures) as [OutcomeClass, number][]).map(([outcome, count]) => {
      const message = bareMessage(outcome, row.failure_examples?.[outcome]);
      return { row, count, outcome, message };
    }),
  );
  return alike(failures, ({ outcome }) => outcome).map((group) => {
    const [{ outcome }] = group;
    const count = group.reduce((sum, each) => sum + each.count, 0);
    const message = messageOf(group);
    return `${whose(group, rows)}: ${count}× ${outcome}${message === '' ? '' : `: ${message}`}`;
  });
}

/**
 * One line per reason: whose requests were never sent, and why. Rows of which nothing was sent stand
 * in no table, so these are all named; but those that a suite is not meant for are told suite by suite.
 */
export function skippedLines(rows: SummaryRow[]): string[] {
  const skipped = rows
    .filter((row) => row.skipped_reason !== NOT_ADDRESSED)
    .filter((row) => row.requests.skipped > 0 || row.skipped_reason !== null)
    .map((row) => ({
      row,
      count: row.requests.skipped,
      message: neutralise(row.skipped_reason ?? 'never sent'),
    }));
  const lines = alike(skipped, ({ row }) => String(isWhollySkipped(row))).map((group) => {
    const [{ row: first }] = group;
    if (isWhollySkipped(first)) return `${namesOf(group, rows)}: ${messageOf(group)}`;
    const planned = group.reduce((sum, { row }) => sum + row.requests.planned, 0);
    const count = group.reduce((sum, each) => sum + each.count, 0);
    const share = `${count} of ${counted(planned, 'request')}`;
    return `${whose(group, rows)}: ${messageOf(group)} (${share})`;
  });
  return [...lines, ...audienceLines(rows)];
}

/** `safety is not meant for 11 of 12 models`: suites that are not meant for the same share a line. */
function audienceLines(rows: SummaryRow[]): string[] {
  const suites = new Map<string, string[]>();
  for (const suite of distinct(rows, (row) => row.suite)) {
    const asked = rows.filter((row) => row.suite === suite);
    const spared = asked.filter((row) => row.skipped_reason === NOT_ADDRESSED);
    if (spared.length === 0) continue;
    const names = spared.map((row) => nameOf(row, asked)).join(', ');
    const who = spared.length > NAMED_ROWS ? `${spared.length} of ${asked.length} models` : names;
    suites.set(who, [...(suites.get(who) ?? []), neutralise(suite)]);
  }
  return [...suites].map(
    ([who, names]) =>
      `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} not meant for ${who}`,
  );
}

function isWhollySkipped({ requests }: SummaryRow): boolean {
  return requests.skipped === requests.planned;
}

/** Without the class at its front, which the line names already. */
function bareMessage(outcome: OutcomeClass, message = ''): string {
  const text = neutralise(message);
  if (text === outcome) return '';
  return text.startsWith(`${outcome}: `) ? text.slice(outcome.length + 2) : text;
}

type Group<T> = [T, ...T[]];

/** Groups what has one kind and says one thing, but for the model's name and for numbers. */
function alike<T extends Shortfall>(all: T[], kindOf: (one: T) => string): Group<T>[] {
  const groups = new Map<string, Group<T>>();
  for (const one of all) {
    const key = `${kindOf(one)}\n${withoutModel(one).replaceAll(/\d+(\.\d+)?/g, '#')}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

function withoutModel({ row, message }: Shortfall): string {
  return message.replaceAll(row.model, '…');
}

function messageOf(group: Group<Shortfall>): string {
  const [first] = group;
  if (group.every(({ message }) => message === first.message)) return cut(first.message);
  const shared = withoutModel(first);
  if (group.every((each) => withoutModel(each) === shared)) return cut(shared);
  return `e.g. ${cut(first.message)}`;
}

function cut(message: string): string {
  return truncate(message, MESSAGE_COLUMNS);
}

function whose(group: Group<Shortfall>, rows: SummaryRow[]): string {
  if (group.length <= NAMED_ROWS) return group.map(({ row }) => nameOf(row, rows)).join(', ');
  const models = new Set(group.map(({ row }) => modelOf(row))).size;
  const count = models === group.length ? `${models} models` : `${group.length} rows`;
  return group.length === rows.length ? `all ${count}` : count;
}

/** Each model once where all of its suites are meant. */
function namesOf(group: Group<Shortfall>, rows: SummaryRow[]): string {
  const meant = group.map(({ row }) => row);
  const targets = distinct(rows, ({ target }) => target).length;
  const names = meant.map((row) => {
    const suites = (of: SummaryRow[]) => of.filter((one) => modelOf(one) === modelOf(row)).length;
    if (suites(meant) < suites(rows)) return nameOf(row, rows);
    return [row.label, ...(targets > 1 ? [row.target] : [])].map(neutralise).join(' · ');
  });
  return [...new Set(names)].join(', ');
}

function modelOf({ target, model }: SummaryRow): string {
  return `${target}\n${model}`;
}
