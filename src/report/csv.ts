import type { Options } from 'csv-stringify/sync';
import { stringify } from 'csv-stringify/sync';
import {
  ESTIMATES,
  type EstimateName,
  type RequestRecord,
  type SummaryRow,
} from '../metrics/types.ts';
import type { Grade } from '../score/types.ts';
import type { Manifest, Validity } from '../store/types.ts';
import { textCell } from './csv-text.ts';
import { PAIR_COLUMNS, REQUEST_COLUMNS } from './request-columns.ts';

export type Cell = string | number | boolean | null;
type Fields<T> = Record<string, (row: T) => Cell>;

/**
 * `null` becomes an empty cell; text is marked where a spreadsheet would take it for a formula; numbers,
 * a negative one too, are left as they are.
 */
const CSV: Options = {
  // A line end of any kind breaks a row, and readers take away blanks at the ends.
  quoted_match: /[\r\n\u2028\u2029]|^\s|\s$/,
  cast: { boolean: (value) => String(value), string: textCell },
};

/** The estimates that lead `summary.csv`; their intervals follow behind the block. */
const LEADING: EstimateName[] = [
  'error_rate',
  'ttft_ms_p50',
  'ttft_ms_p95',
  'tpot_ms_p50',
  'decode_tokens_per_second_p50',
  'e2e_ms_p50',
];

const LABEL_COUNTS = [
  'unsafe_as_unsafe',
  'unsafe_as_safe',
  'safe_as_safe',
  'safe_as_unsafe',
] as const;
const LABEL_SHARES = ['precision', 'recall', 'false_alarm_rate', 'category_accuracy'] as const;

const SUMMARY: Fields<SummaryRow> = {
  target: (row) => row.target,
  model: (row) => row.model,
  suite: (row) => row.suite,
  simulated: (row) => row.simulated,
  requests_planned: (row) => row.requests.planned,
  requests_ok: (row) => row.requests.ok,
  requests_failed: (row) => row.requests.failed,
  ...merged(LEADING, valueField),
  output_tokens: (row) => row.output_tokens,
  token_source: (row) => row.token_source,
  ...merged(LEADING, intervalFields),
  ...merged(
    ESTIMATES.filter((name) => !LEADING.includes(name)),
    (name) => ({ ...valueField(name), ...intervalFields(name) }),
  ),
  // Names of the estimates above that are lower bounds.
  at_least: (row) => ESTIMATES.filter((name) => row.estimates[name].at_least).join(' '),
  label: (row) => row.label,
  requests_dropped: (row) => row.requests.dropped,
  requests_cancelled: (row) => row.requests.cancelled,
  requests_skipped: (row) => row.requests.skipped,
  requests_lost: (row) => row.requests.lost,
  failures: (row) => counts(row.failures),
  skipped_reason: (row) => row.skipped_reason,
  flags: (row) => counts(row.flags),
  prompt_tokens: (row) => row.prompt_tokens,
  reasoning_tokens: (row) => row.reasoning_tokens,
  token_sources: (row) => counts(row.token_sources),
  tokens_compared: (row) => row.token_check?.compared ?? null,
  tokens_differing: (row) => row.token_check?.differing ?? null,
  tokenizer_ratio_p50: (row) => row.token_check?.ratio_p50 ?? null,
  cost_usd: (row) => row.cost_usd,
  window_ms: (row) => row.window_ms,
  concurrency_mean: (row) => row.concurrency_mean,
  concurrency_max: (row) => row.concurrency_max,
  client_late_share: (row) => row.client_late_share ?? null,
  cases_graded: (row) => row.grades?.cases ?? null,
  right: (row) => row.grades?.right ?? null,
  wrong: (row) => row.grades?.wrong ?? null,
  ungraded: (row) => row.grades?.ungraded ?? null,
  ungraded_reasons: (row) => reasons(row.grades?.ungraded_reasons),
  pass_at: (row) => byNumber(row.grades?.pass_at.map(({ k, estimate }) => [k, estimate.value])),
  ttft_ms_p50_by_turn: (row) =>
    byNumber(row.by_turn?.map(({ turn, ttft_ms_p50 }) => [turn + 1, ttft_ms_p50.value])),
  ...Object.assign({}, ...LABEL_COUNTS.map(labelCount)),
  ...Object.assign({}, ...LABEL_SHARES.map(labelShare)),
};

/** `3 cut off before its final answer; 1 the answer is empty` */
function reasons(byName: Record<string, number> | undefined): string | null {
  if (byName === undefined) return null;
  return Object.entries(byName)
    .map(([reason, count]) => `${count} ${reason}`)
    .join('; ');
}

/** `1:0.5 2:0.75`; what has no value is left out. */
function byNumber(pairs: [number, number | null][] | undefined): string | null {
  if (pairs === undefined) return null;
  return pairs.flatMap(([n, value]) => (value === null ? [] : [`${n}:${value}`])).join(' ');
}

function labelCount(name: (typeof LABEL_COUNTS)[number]): Fields<SummaryRow> {
  return { [name]: (row) => row.grades?.labels?.[name] ?? null };
}

function labelShare(name: (typeof LABEL_SHARES)[number]): Fields<SummaryRow> {
  const of = (row: SummaryRow) => row.grades?.labels?.[name];
  return {
    [name]: (row) => of(row)?.value ?? null,
    [`${name}_low`]: (row) => of(row)?.low ?? null,
    [`${name}_high`]: (row) => of(row)?.high ?? null,
  };
}

function valueField(name: EstimateName): Fields<SummaryRow> {
  return { [name]: (row) => row.estimates[name].value };
}

function intervalFields(name: EstimateName): Fields<SummaryRow> {
  return {
    [`${name}_low`]: (row) => row.estimates[name].low,
    [`${name}_high`]: (row) => row.estimates[name].high,
    [`${name}_n`]: (row) => row.estimates[name].n,
  };
}

function merged(
  names: EstimateName[],
  fields: (name: EstimateName) => Fields<SummaryRow>,
): Fields<SummaryRow> {
  return Object.assign({}, ...names.map(fields)) as Fields<SummaryRow>;
}

/** `stalled:2 truncated:1` */
function counts(byName: Record<string, number>): string {
  return Object.entries(byName)
    .map(([name, count]) => `${name}:${count}`)
    .join(' ');
}

/**
 * `summary.csv`: a header, then one line per row; lines end in `\n`.
 * @param manifest of the run; without it, nothing is said of the client
 */
export function summaryCsv(rows: SummaryRow[], manifest?: Pick<Manifest, 'validity'>): string {
  const fields = { ...SUMMARY, ...clientFields(manifest?.validity) };
  return csvOf(Object.keys(fields)) + tableCsv(rows, Object.values(fields));
}

/** What the run says of the client that measured it; the same in every row. */
function clientFields(validity: Validity | undefined): Fields<SummaryRow> {
  const { calibration } = validity ?? {};
  return {
    validity: () => validity?.verdict ?? null,
    client_error_ms_p99: () => calibration?.error_ms_p99 ?? null,
    client_error_streams: () => calibration?.streams ?? null,
  };
}

const RECORDS_PER_PIECE = 512;

/** A record with the grade of its reply, where it has one. */
interface Graded {
  record: RequestRecord;
  grade: Grade | undefined;
}

/** Behind the columns of a record, where answers were graded. */
const GRADE: Fields<Grade> = {
  grade: (grade) => grade.grade,
  score: (grade) => grade.score,
  graded_answer: (grade) => grade.answer,
  expected_answer: (grade) => grade.expected,
  grade_reason: (grade) => grade.reason,
};

/**
 * `requests.csv`, piece by piece, so that a run of any size passes through: a header, then one line
 * per record; lists are separated by blanks, lines end in `\n`.
 * @param manifest of the run: one that was sent in pairs has two columns more
 * @param gradeOf the grade of a request; where given, its columns follow behind these
 */
export async function* requestsCsv(
  records: Iterable<RequestRecord> | AsyncIterable<RequestRecord>,
  { check }: Pick<Manifest, 'check'> = {},
  gradeOf: ((requestId: string) => Grade | undefined) | null = null,
): AsyncGenerator<string> {
  const isPaired = check !== undefined && check.comparisons.length > 0;
  const columns = isPaired ? [...REQUEST_COLUMNS, ...PAIR_COLUMNS] : REQUEST_COLUMNS;
  const ofGrade = gradeOf === null ? {} : GRADE;
  yield csvOf([...columns, ...Object.keys(ofGrade)]);
  const fields = columns.map((name) => ({ record }: Graded): Cell => {
    const value = record[name] ?? null;
    return Array.isArray(value) ? value.join(' ') : value;
  });
  const all = [
    ...fields,
    ...Object.values(ofGrade).map(
      (field) =>
        ({ grade }: Graded) =>
          grade ? field(grade) : null,
    ),
  ];
  let piece: Graded[] = [];
  for await (const record of records) {
    piece.push({ record, grade: gradeOf?.(record.request_id) });
    if (piece.length === RECORDS_PER_PIECE) {
      yield tableCsv(piece, all);
      piece = [];
    }
  }
  if (piece.length > 0) yield tableCsv(piece, all);
}

function tableCsv<T>(rows: T[], fields: ((row: T) => Cell)[]): string {
  return stringify(
    rows.map((row) => fields.map((field) => field(row))),
    CSV,
  );
}

/** One line of CSV by the rules above. */
export function csvOf(cells: Cell[]): string {
  return stringify([cells], CSV);
}
