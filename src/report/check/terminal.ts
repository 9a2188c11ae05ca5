import pc from 'picocolors';
import type { CheckResult, Finding, Verdict } from '../../gate/types.ts';
import { SIMULATED_NOTICE } from '../notes.ts';
import { displayWidth, wrap } from '../text.ts';
import type { TextOptions } from '../view.ts';
import { compactLines, summedLines } from './compact.ts';
import { countsOf, headlineOf, MARKS, NEXT_AFTER_INVALID, WORDS } from './headline.ts';
import { bySubject, groupBy, orderFindings } from './order.ts';
import { packed } from './pack.ts';
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

/** Findings of one list told in full; the others get a line each. */
const TOLD_IN_FULL = 12;
/** Findings that passed, each with a line of its own; more are summed up per metric. */
const PASSES_LISTED = 12;
/** From so many lines on the verdict is said again at the end, where a reader of a log looks. */
const LONG_LINES = 24;

/**
 * What a check found, for a terminal, a pipe or a log of CI: the verdict, what failed and what is
 * undecided in full, what passed in short, and how to read it.
 * @returns lines joined by `\n`, without one at the end
 */
export function renderCheck(result: CheckResult, options: TextOptions): string {
  const columns = Math.max(40, options.columns);
  const page = new Page(result.findings, { ...options, columns });
  const blocks = [
    result.simulated ? page.warning(SIMULATED_NOTICE) : '',
    page.verdict(result.verdict, headlineOf(result)),
    page.list('', factsOf(result)),
    ...(result.verdict === 'invalid' ? untrusted(result, page) : judged(result, page)),
    page.list('Remarks', result.remarks.map(plain)),
    wrap(methodOf(result).join(' '), columns),
  ].filter((block) => block !== '');
  const isLong = blocks.join('\n\n').split('\n').length > LONG_LINES;
  const ending = [
    isLong ? page.verdict(result.verdict, headlineOf(result)) : '',
    result.simulated ? page.warning(SIMULATED_NOTICE) : '',
  ];
  return [...blocks, ...ending].filter((block) => block !== '').join('\n\n');
}

function judged(result: CheckResult, page: Page): string[] {
  const { failed, undecided, advisory, passed } = orderFindings(result);
  return [
    ...page.inFull('fail', failed),
    ...page.inFull('inconclusive', undecided),
    ...page.inFull('advisory', advisory),
    page.passes(passed),
  ];
}

/** What the figures would have said is counted, but no verdict stands beside any of them. */
function untrusted(result: CheckResult, page: Page): string[] {
  const counts = countsOf(result);
  return [
    page.list('Why', result.invalid_reasons.map(plain)),
    page.list(
      'Not to be relied on',
      counts === '' ? [] : [`the figures would have said: ${counts}`],
    ),
    page.list('Next', [NEXT_AFTER_INVALID]),
  ];
}

/** The parts of the page, laid out for one terminal. */
class Page {
  readonly #nameOf: NameOf;
  readonly #columns: number;
  readonly #options: TextOptions;
  readonly #colours: ReturnType<typeof pc.createColors>;
  /** What to do next, as far as it has been said: findings of one cause have one remedy. */
  readonly #said = new Set<string>();

  constructor(all: readonly Finding[], options: TextOptions) {
    this.#nameOf = namingOf(all);
    this.#columns = options.columns;
    this.#options = options;
    this.#colours = pc.createColors(options.colour);
  }

  warning(line: string): string {
    return this.#colours.yellow(wrap(line, this.#columns));
  }

  verdict(verdict: Verdict, sentence: string): string {
    const text = wrap(`${MARKS[verdict]} ${WORDS[verdict]}: ${sentence}`, this.#columns, '', '  ');
    return this.#colours.bold(this.#painted(verdict, text));
  }

  /** Lines under a title, cut to none where there are none. */
  list(title: string, lines: string[]): string {
    if (lines.length === 0) return '';
    if (title === '') return wrap(lines.join(' · '), this.#columns);
    const items = lines.map((line) => wrap(line, this.#columns, '  ', '    '));
    return [this.#colours.bold(title), ...items].join('\n');
  }

  /** One block per model and suite; those past the first so many findings in short. */
  inFull(kind: Verdict | 'advisory', findings: Finding[]): string[] {
    const groups = bySubject(findings);
    const full: Finding[][] = [];
    let told = 0;
    while (full.length < groups.length && told < TOLD_IN_FULL) {
      const group = groups[full.length] as Finding[];
      full.push(group);
      told += group.length;
    }
    const rest = groups.slice(full.length).flat();
    return [
      ...full.map((group) => this.#subject(kind, group)),
      rest.length === 0 ? '' : compactLines(rest, this.#nameOf, this.#options),
    ];
  }

  passes(passed: Finding[]): string {
    if (passed.length === 0) return '';
    return passed.length > PASSES_LISTED
      ? summedLines(passed, this.#nameOf, this.#options)
      : compactLines(passed, this.#nameOf, this.#options);
  }

  #subject(kind: Verdict | 'advisory', group: Finding[]): string {
    const [first] = group as [Finding, ...Finding[]];
    const others = new Set(
      group.filter(({ limit }) => limit === null).map(({ against }) => against),
    );
    const against = others.size === 1 ? ` against ${plain([...others][0] as string)}` : '';
    const name = `${MARKS[kind]} ${WORDS[kind]}  ${this.#nameOf(first)}${against}`;
    const titles = Math.max(...group.map((one) => displayWidth(titleOf(one))));
    const sharesWhy = group.length > 1 && group.every(({ why }) => why === first.why);
    return [
      this.#painted(kind, wrap(name, this.#columns, '', '    ')),
      ...group.flatMap((one) => this.#finding(one, titles, !sharesWhy)),
      ...(sharesWhy ? this.#aside('why', first.why, 4) : []),
      ...this.#nextSteps(group),
    ].join('\n');
  }

  /** What has not been said yet, and of which metric where the group has several. */
  #nextSteps(group: Finding[]): string[] {
    return groupBy(group, ({ next }) => next ?? '').flatMap((alike) => {
      const next = alike[0]?.next ?? '';
      if (next === '' || this.#said.has(next)) return [];
      this.#said.add(next);
      const whose = alike.length === group.length ? '' : ` for ${alike.map(titleOf).join(', ')}`;
      return this.#aside(`next${whose}`, next, 4);
    });
  }

  #finding(one: Finding, titleColumns: number, withWhy: boolean): string[] {
    const beside = this.#columns >= 60;
    const indent = ' '.repeat(beside ? 4 + titleColumns + 2 : 6);
    const title = titleOf(one) + ' '.repeat(titleColumns - displayWidth(titleOf(one)));
    const parts = [valuesOf(one), changeOf(one), evidenceOf(one)];
    return [
      ...(beside ? [] : [wrap(title.trimEnd(), this.#columns, '    ')]),
      ...packed(parts, this.#columns, beside ? `    ${title}  ` : indent, indent),
      ...(withWhy ? this.#aside('why', one.why, indent.length) : []),
    ];
  }

  #aside(label: string, text: string, indent: number): string[] {
    if (text === '') return [];
    const blank = ' '.repeat(indent);
    return [wrap(`${label}: ${plain(text)}`, this.#columns, blank, `${blank}  `)];
  }

  #painted(kind: Verdict | 'advisory', text: string): string {
    const { red, yellow, green, cyan } = this.#colours;
    const paint = { fail: red, invalid: red, inconclusive: yellow, pass: green, advisory: cyan };
    return paint[kind](text);
  }
}
