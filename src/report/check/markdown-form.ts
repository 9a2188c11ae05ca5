import type { CheckResult, Finding, Verdict } from '../../gate/types.ts';
import { blocks, escapeMarkdown, markdownTable } from '../markdown.ts';
import { SIMULATED_NOTICE } from '../notes.ts';
import { counted } from '../numbers.ts';
import { truncate } from '../text.ts';
import { headlineOf, NEXT_AFTER_INVALID, WORDS } from './headline.ts';
import { byMetric, groupBy, orderFindings, worstOf } from './order.ts';
import {
  changeOf,
  evidenceOf,
  factsOf,
  methodOf,
  type NameOf,
  namingOf,
  plain,
  titleOf,
  valuesOf,
} from './words.ts';

/** GitHub drops a step's summary that is larger than 1 MiB; the rest is for other commands. */
const BYTES = { failed: 300_000, undecided: 150_000, advisory: 100_000, passed: 150_000 };
const LIST_BYTES = 50_000;
/** More rows that passed than this are summed up per metric. */
const PASSES_LISTED = 100;
/** Findings of which the same is said, named one by one. */
const NAMED = 6;
const TEXT_COLUMNS = 400;
/** Marks that take no column could go on for ever. */
const TEXT_UNITS = 2000;

const SIGNS: Record<Verdict | 'advisory', string> = {
  fail: '❌',
  inconclusive: '⚠️',
  invalid: '⛔',
  pass: '✅',
  advisory: 'ℹ️',
};

/**
 * A check as GitHub-flavoured Markdown, for a step's summary or a comment: the verdict, a table of
 * what failed and what is undecided with reasons and next steps, what passed folded away. Never
 * longer than 1 MiB, however many findings there are.
 */
export function checkMarkdown(result: CheckResult): string {
  const notice = result.simulated ? `**${shown(SIMULATED_NOTICE)}**` : '';
  const { verdict } = result;
  const { others } = pageOf(result);
  const facts = [...factsOf(result), ...(others.length === 1 ? [`against ${others[0]}`] : [])];
  return blocks([
    notice,
    `## ${SIGNS[verdict]} ${WORDS[verdict]}: ${shown(headlineOf(result))}`,
    facts.map(shown).join(' · '),
    ...(verdict === 'invalid' ? untrusted(result) : judged(result)),
    list('Remarks', result.remarks),
    methodOf(result).length === 0 ? '' : `<sub>${shown(methodOf(result).join(' '))}</sub>`,
    notice,
  ]);
}

/** What the findings of one check have in common. */
interface Page {
  nameOf: NameOf;
  /** What they are held against, but for limits. */
  others: string[];
}

function pageOf({ findings }: CheckResult): Page {
  const others = new Set(findings.map(otherOf).filter((other) => other !== ''));
  return { nameOf: namingOf(findings), others: [...others] };
}

function untrusted({ invalid_reasons }: CheckResult): string[] {
  return [list('Why', invalid_reasons), `**Next:** ${shown(NEXT_AFTER_INVALID)}.`];
}

function judged(result: CheckResult): string[] {
  const { failed, undecided, advisory, passed } = orderFindings(result);
  const page = pageOf(result);
  return [
    table([...failed, ...undecided], page, BYTES.failed),
    reasons([...failed, ...undecided], page, BYTES.undecided),
    folded(`${SIGNS.advisory} ${counted(advisory.length, 'figure')} for information only`, [
      table(advisory, page, BYTES.advisory / 2, false),
      reasons(advisory, page, BYTES.advisory / 2),
    ]),
    folded(`${SIGNS.pass} ${passed.length} passed`, [passes(passed, page)]),
  ];
}

function table(
  findings: readonly Finding[],
  page: Page,
  bytes: number,
  withVerdict = true,
): string {
  const columns: [string, (one: Finding) => string][] = [
    ...(withVerdict ? [['', verdictOf] as [string, typeof verdictOf]] : []),
    ['model', page.nameOf],
    ['metric', titleOf],
    ['value', valuesOf],
    ['change', changeOf],
    ['samples', evidenceOf],
    ...(page.others.length > 1 ? [['against', otherOf] as [string, typeof otherOf]] : []),
  ];
  const head = columns.map(([title]) => title);
  return gridWithin(head, findings, bytes, (one) => columns.map(([, cellOf]) => cellOf(one)));
}

function verdictOf({ verdict }: Finding): string {
  return `${SIGNS[verdict]} ${WORDS[verdict]}`;
}

/** A limit stands in the column of the change. */
function otherOf({ limit, against }: Finding): string {
  return limit === null ? plain(against) : '';
}

function passes(passed: readonly Finding[], page: Page): string {
  if (passed.length <= PASSES_LISTED) return table(passed, page, BYTES.passed, false);
  const head = ['metric', 'passed', 'closest to failing', 'model'];
  return gridWithin(head, byMetric(passed), BYTES.passed, (group) => {
    const worst = worstOf(group as [Finding, ...Finding[]]);
    const figure =
      worst.change === null ? `${valuesOf(worst)}, ${changeOf(worst)}` : changeOf(worst);
    return [titleOf(worst), String(group.length), figure, page.nameOf(worst)];
  });
}

/** Why, and what to do next: a line per finding, or for all those of which the same is said. */
function reasons(findings: readonly Finding[], page: Page, bytes: number): string {
  const groups = groupBy(findings, ({ why, next }) => `${why}\0${next}`);
  return within(groups, bytes, (group) => {
    const [{ why, next }] = group as [Finding, ...Finding[]];
    const named = group.slice(0, NAMED).map((one) => `${page.nameOf(one)}, ${titleOf(one)}`);
    const more = group.length > NAMED ? ` and ${group.length - NAMED} more` : '';
    const step = next === null ? '' : `<br>**Next:** ${shown(next)}`;
    return `- **${shown(named.join('; '))}${more}:** ${shown(why)}${step}`;
  }).join('\n');
}

function folded(title: string, parts: string[]): string {
  const full = parts.filter((part) => part !== '');
  if (full.length === 0) return '';
  return ['<details>', `<summary>${title}</summary>`, '', full.join('\n\n'), '', '</details>'].join(
    '\n',
  );
}

function list(title: string, lines: string[]): string {
  if (lines.length === 0) return '';
  return [`**${title}**`, '', ...within(lines, LIST_BYTES, (line) => `- ${shown(line)}`)].join(
    '\n',
  );
}

function gridWithin<T>(
  head: string[],
  all: readonly T[],
  bytes: number,
  cellsOf: (one: T) => string[],
): string {
  if (all.length === 0) return '';
  const gridOf = (rows: string[][]) => markdownTable(head, [], rows).split('\n');
  const rule = `|${' --- |'.repeat(head.length)}`;
  const [titles = ''] = gridOf([]);
  const rowOf = (one: T) => gridOf([cellsOf(one).map(cut)])[2] as string;
  const note = (more: number) => `\n… and ${more} more: \`check.json\` has all.`;
  return [titles, rule, ...within(all, bytes, rowOf, note)].join('\n');
}

/** A line each, as many as fit in so many bytes, and how many more there are; no other is made. */
function within<T>(
  all: readonly T[],
  bytes: number,
  lineOf: (one: T) => string,
  note = (more: number) => `- … and ${more} more: \`check.json\` has all.`,
): string[] {
  const lines: string[] = [];
  let left = bytes;
  for (const one of all) {
    const line = lineOf(one);
    left -= Buffer.byteLength(line) + 1;
    if (left < 0) return [...lines, note(all.length - lines.length)];
    lines.push(line);
  }
  return lines;
}

/** Text from outside, and not without end. */
function shown(text: string): string {
  return escapeMarkdown(cut(plain(text.slice(0, TEXT_UNITS))));
}

function cut(text: string): string {
  return truncate(text.slice(0, TEXT_UNITS).replace(/[\ud800-\udbff]$/, ''), TEXT_COLUMNS);
}
