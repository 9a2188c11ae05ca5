import { Conversations } from '../metrics/conversation-grades.ts';
import { rowKey } from '../metrics/row-key.ts';
import type { RequestRecord, SummaryRow } from '../metrics/types.ts';
import type { Grade, Mark } from '../score/types.ts';
import type { Manifest } from '../store/types.ts';
import { attributes, element } from './check/xml.ts';
import { SIMULATED_NOTICE } from './notes.ts';

/** What of a record is told of. */
export type JunitRecord = Pick<
  RequestRecord,
  | 'request_id'
  | 'target'
  | 'model'
  | 'suite'
  | 'case_id'
  | 'repeat'
  | 'turn'
  | 'phase'
  | 'outcome'
  | 'error_message'
  | 'e2e_ms'
>;

/** One case in one pass, as it is told of. */
interface GradedCase {
  name: string;
  outcome: 'failure' | 'skipped' | 'error' | null;
  message: string;
  /** What was expected and what was given, a line each. */
  lines: string[];
  ms: number;
}

/**
 * The graded answers of a run as JUnit XML: a test suite for each suite and model, a test case for each
 * case in each pass, a conversation being one. A wrong answer is a failure with what was expected and
 * what was given; one that could not be graded is skipped, with the reason; a request that failed where
 * answers are graded is an error.
 */
export class GradedJunit {
  readonly #rows = new Map<string, Row>();
  readonly #simulated: boolean;

  /** @param rows in whose order test suites stand */
  constructor(rows: readonly SummaryRow[], { simulated }: Pick<Manifest, 'simulated'>) {
    this.#simulated = simulated;
    for (const row of rows) if (row.grades !== undefined) this.#rows.set(rowKey(row), new Row(row));
  }

  addGrade(grade: Grade): void {
    this.#rows.get(rowKey(grade))?.addGrade(grade);
  }

  /** After all grades. */
  addRecord(record: JunitRecord): void {
    if (record.phase === 'measure') this.#rows.get(rowKey(record))?.addRecord(record);
  }

  text(): string {
    const suffix = this.#simulated ? ' (simulated)' : '';
    const suites = [...this.#rows.values()].map((row) => ({ row, cases: row.cases() }));
    const all = suites.flatMap(({ cases }) => cases);
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites${attributes({ name: 'tokentape', ...countsOf(all) })}>`,
      ...suites.flatMap(({ row: { suite, model }, cases }) => [
        `  <testsuite${attributes({ name: `${suite} · ${model}${suffix}`, ...countsOf(cases) })}>`,
        ...cases.flatMap((one) => caseLines(one, `${suite}.${model}${suffix}`)),
        ...(this.#simulated ? [`    ${element('system-out', {}, SIMULATED_NOTICE)}`] : []),
        '  </testsuite>',
      ]),
      '</testsuites>',
      '',
    ].join('\n');
  }
}

/** The grades of one model on one suite. */
class Row {
  readonly suite: string;
  /** With its target. */
  readonly model: string;
  readonly #cases = new Map<string, Grade[]>();
  readonly #caseOfRequest = new Map<string, string>();
  readonly #ms = new Map<string, number>();
  readonly #failed = new Map<string, JunitRecord>();

  constructor({ suite, target, model }: SummaryRow) {
    this.suite = suite;
    this.model = `${target}/${model}`;
  }

  addGrade(grade: Grade): void {
    const name = nameOf(grade);
    const known = this.#cases.get(name);
    if (known === undefined) this.#cases.set(name, [grade]);
    else known.push(grade);
    this.#caseOfRequest.set(grade.request_id, name);
  }

  addRecord(record: JunitRecord): void {
    const name = this.#caseOfRequest.get(record.request_id) ?? nameOf(record);
    if (record.e2e_ms !== null) this.#ms.set(name, (this.#ms.get(name) ?? 0) + record.e2e_ms);
    if (record.outcome !== 'ok') this.#failed.set(name, record);
  }

  cases(): GradedCase[] {
    const names = new Set([...this.#cases.keys(), ...this.#failed.keys()]);
    return [...names].map((name) => {
      const ms = this.#ms.get(name) ?? 0;
      const failed = this.#failed.get(name);
      if (failed !== undefined) return { name, ms, ...failedCase(failed) };
      return { name, ms, ...gradedCase(this.#cases.get(name) ?? []) };
    });
  }
}

const OUTCOMES: Record<Mark, GradedCase['outcome']> = {
  right: null,
  wrong: 'failure',
  ungraded: 'skipped',
};

function gradedCase(grades: Grade[]): Omit<GradedCase, 'name' | 'ms'> {
  const turns = grades.sort((a, b) => a.turn - b.turn);
  const conversations = new Conversations();
  let whole: ReturnType<Conversations['caseOf']> = null;
  for (const grade of turns) whole = conversations.caseOf(grade) ?? whole;
  if (whole === null) {
    const message = 'the conversation broke off before its last graded turn';
    return { outcome: 'skipped', message, lines: [] };
  }
  const told = turns.filter(({ grade }) => grade !== 'right');
  const message = whole.reason ?? whole.grade;
  const lines = told.flatMap((grade) => linesOf(grade, message));
  return { outcome: OUTCOMES[whole.grade], message, lines };
}

function linesOf(
  { turn, graded_turns, expected, answer, score, reason }: Grade,
  said: string,
): string[] {
  return [
    ...(graded_turns > 1 ? [`turn ${turn + 1}`] : []),
    ...(reason === null || reason === said ? [] : [`why: ${reason}`]),
    ...(expected === null ? [] : [`expected: ${expected}`]),
    ...(answer === null ? [] : [`got: ${answer}`]),
    ...(score === null || score === 0 ? [] : [`score: ${Number(score.toPrecision(3))}`]),
  ];
}

function failedCase({ outcome, error_message }: JunitRecord): Omit<GradedCase, 'name' | 'ms'> {
  const message = error_message === null ? outcome : `${outcome}: ${error_message}`;
  return { outcome: 'error', message, lines: [] };
}

function caseLines({ name, outcome, message, lines, ms }: GradedCase, classname: string): string[] {
  const head = attributes({ classname, name, time: (ms / 1000).toFixed(3) });
  if (outcome === null) return [`    <testcase${head}/>`];
  return [
    `    <testcase${head}>`,
    `      ${element(outcome, { message }, [message, ...lines].join('\n'))}`,
    '    </testcase>',
  ];
}

function countsOf(cases: readonly GradedCase[]): Record<string, number> {
  const count = (wanted: GradedCase['outcome']) =>
    cases.filter(({ outcome }) => outcome === wanted).length;
  return {
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  };
}

/** The same from run to run, so that a report can be held against an earlier one. */
function nameOf({ case_id, repeat }: Pick<Grade, 'case_id' | 'repeat'>): string {
  return repeat === 0 ? case_id : `${case_id} (pass ${repeat + 1})`;
}
