import type { CheckResult, Finding, Verdict } from '../../gate/types.ts';
import { blocks, escapeMarkdown, markdownTable } from '../markdown.ts';
import { SIMULATED_NOTICE } from '../notes.ts';
import { counted } from '../numbers.ts';
import { truncate } from '../text.ts';
import { headlineOf, NEXT_AFTER_INVALID, WORDS } from './headline.ts';
import { byMetric, orderFindings, worstOf } from './order.ts';
import {
  changeOf,
  evidenceOf,
  factsOf,
  methodOf,
  plain,
  subjectOf,
  titleOf,
  valuesOf,
} from './words.ts';

/** GitHub drops a step's summary that is larger than 1 MiB; the rest is for other commands. */
const BYTES = { failed: 300_000, undecided: 150_000, advisory: 100_000, passed: 150_000 };
const LIST_BYTES = 50_000;
/** More rows that passed than this are summed up per metric. */
const PASSES_LISTED = 100;
const TEXT_COLUMNS = 400;
/** Marks that take no column could go on for ever. */
const TEXT_UNITS = 2000;

const SIGNS: Record<Verdict | 'advisory', string> = {
  fail: '❌',
  inconclusive: '❔',
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
  return blocks([
    notice,
    `## ${SIGNS[verdict]} ${WORDS[verdict]}: ${shown(headlineOf(result))}`,
    factsOf(result).map(shown).join(' · '),
    ...(verdict === 'invalid' ? untrusted(result) : judged(result)),
    list('Remarks', result.remarks),
    methodOf(result).length === 0 ? '' : `<sub>${shown(methodOf(result).join(' '))}</sub>`,
    notice,
  ]);
}

function untrusted({ invalid_reasons }: CheckResult): string[] {
  return [list('Why', invalid_reasons), `**Next:** ${shown(NEXT_AFTER_INVALID)}.`];
}

function judged(result: CheckResult): string[] {
  const { failed, undecided, advisory, passed } = orderFindings(result);
  const all = result.findings;
  return [
    table([...failed, ...undecided], all, BYTES.failed),
    reasons([...failed, ...undecided], all, BYTES.undecided),
    folded(`${SIGNS.advisory} ${counted(advisory.length, 'figure')} for information only`, [
      table(advisory, all, BYTES.advisory / 2),
      reasons(advisory, all, BYTES.advisory / 2),
    ]),
    folded(`${SIGNS.pass} ${passed.length} passed`, [passes(passed, all)]),
  ];
}

function table(findings: readonly Finding[], all: readonly Finding[], bytes: number): string {
  if (findings.length === 0) return '';
  const head = ['', 'model', 'metric', 'value', 'change', 'samples', 'against'];
  const rows = findings.map((one) => [
    `${SIGNS[one.verdict]} ${WORDS[one.verdict]}`,
    subjectOf(one, all),
    titleOf(one),
    valuesOf(one),
    changeOf(one),
    evidenceOf(one),
    plain(one.against),
  ]);
  return gridWithin(head, rows, bytes);
}

function passes(passed: readonly Finding[], all: readonly Finding[]): string {
  if (passed.length <= PASSES_LISTED) return table(passed, all, BYTES.passed);
  const head = ['metric', 'passed', 'closest to failing', 'model'];
  const rows = byMetric(passed).map((group) => {
    const worst = worstOf(group as [Finding, ...Finding[]]);
    const figure =
      worst.change === null ? `${valuesOf(worst)}, ${changeOf(worst)}` : changeOf(worst);
    return [titleOf(worst), String(group.length), figure, subjectOf(worst, all)];
  });
  return gridWithin(head, rows, BYTES.passed);
}

/** Why, and what to do next, a line per finding. */
function reasons(findings: readonly Finding[], all: readonly Finding[], bytes: number): string {
  const items = findings.map((one) => {
    const next = one.next === null ? '' : `<br>**Next:** ${shown(one.next)}`;
    return `- **${shown(subjectOf(one, all))}, ${shown(titleOf(one))}:** ${shown(one.why)}${next}`;
  });
  return within(items, bytes).join('\n');
}

function folded(title: string, parts: string[]): string {
  const full = parts.filter((part) => part !== '');
  if (full.length === 0) return '';
  return ['<details>', `<summary>${title}</summary>`, '', ...full, '', '</details>'].join('\n');
}

function list(title: string, lines: string[]): string {
  if (lines.length === 0) return '';
  const items = lines.map((line) => `- ${shown(line)}`);
  return [`**${title}**`, '', ...within(items, LIST_BYTES)].join('\n');
}

function gridWithin(head: string[], rows: string[][], bytes: number): string {
  const short = rows.map((row) => row.map(cut));
  const lines = markdownTable(
    head,
    head.map(() => 'left'),
    short,
  )
    .split('\n')
    .map(withoutLinks);
  const [titles = '', rule = '', ...body] = lines;
  const kept = within(body, bytes, (more) => `\n… and ${more} more: \`check.json\` has all.`);
  return [titles, rule, ...kept].join('\n');
}

/** As many lines as fit in so many bytes, and how many more there are. */
function within(
  lines: string[],
  bytes: number,
  note = (more: number) => `- … and ${more} more: \`check.json\` has all.`,
): string[] {
  let left = bytes;
  const kept = lines.findIndex((line) => {
    left -= Buffer.byteLength(line) + 1;
    return left < 0;
  });
  return kept === -1 ? lines : [...lines.slice(0, kept), note(lines.length - kept)];
}

/** Text from outside: no markup, no HTML, no link, and not without end. */
function shown(text: string): string {
  return withoutLinks(escapeMarkdown(cut(plain(text))));
}

function cut(text: string): string {
  return truncate(text.slice(0, TEXT_UNITS).replace(/[\ud800-\udbff]$/, ''), TEXT_COLUMNS);
}

/** GitHub makes links of bare addresses. */
function withoutLinks(markdown: string): string {
  return markdown
    .replaceAll('://', '&#58;//')
    .replace(/www\./gi, (found) => `${found.slice(0, 3)}&#46;`);
}
