import type { EstimateName, SummaryRow } from '../metrics/types.ts';
import { resumedWords } from '../store/resumed.ts';
import type { ClientError, Manifest } from '../store/types.ts';
import { LATE_REQUESTS_MARKED, lateMark } from './columns.ts';
import { counted, formatCount, formatFigure } from './numbers.ts';
import { neutralise } from './text.ts';
import { distinct, type RunView } from './view.ts';

/** Above and below figures none of which is a provider's. */
export const SIMULATED_NOTICE =
  "SIMULATED: these figures are the embedded simulator's, not any provider's.";

/** Lines of a notice that must not be overlooked, above and below the figures. */
export function simulatedNotice({ manifest, rows }: RunView): string | null {
  if (!manifest.simulated) return null;
  const real = rows.some((row) => row.requests.planned > row.requests.skipped && !row.simulated);
  if (!real) return SIMULATED_NOTICE;
  const names = distinct(
    rows.filter((row) => row.simulated),
    (row) => neutralise(row.target),
  );
  return `SIMULATED: the figures of ${names.join(', ')} are the embedded simulator's, not any provider's.`;
}

/** What stands between these figures and belief in them. */
export function doubts(manifest: Manifest): string[] {
  const lines: string[] = [];
  if (manifest.interrupted !== null) {
    lines.push(`PARTIAL: the run ended before its plan did: ${neutralise(manifest.interrupted)}`);
  } else if (manifest.state === 'partial') {
    lines.push('PARTIAL: the run never came to its end; these are the records that it left.');
  }
  if (manifest.validity.verdict !== 'valid') {
    const word = manifest.validity.verdict === 'invalid' ? 'INVALID' : 'WARNING';
    lines.push(...manifest.validity.reasons.map((reason) => `${word}: ${neutralise(reason)}`));
  }
  return lines;
}

/** A row's name beneath a table: as much of model, suite and target as tells it from the others. */
export function nameOf(row: SummaryRow, rows: SummaryRow[]): string {
  const parts = [row.label];
  if (distinct(rows, (each) => each.suite).length > 1) parts.push(row.suite);
  if (distinct(rows, (each) => each.target).length > 1) parts.push(row.target);
  return parts.map(neutralise).join(' · ');
}

/** What stands beside the figures, or below them. */
export const INTERVALS =
  '±: 95 % interval, its farther end in percent of the figure; of shares the ends themselves, and ' +
  '≥ where it is open above. n/a where the samples are too few, or depend on one another too much.';

const TAILS: EstimateName[] = ['ttft_ms_p50', 'ttft_ms_p90', 'ttft_ms_p95'];

/** How the figures were made, in sentences. */
export function methodNotes({ manifest, rows }: RunView): string[] {
  const quantiles = `Quantiles: ${manifest.quantiles.replace('-', '–')}.`;
  const notes = [[`Seed ${neutralise(manifest.seed)}.`, quantiles, ...sourcesOf(rows)].join(' ')];
  const resumed = resumedNote(manifest);
  if (resumed !== null) notes.push(resumed);
  const estimates = rows.flatMap((row) => Object.values(row.estimates));
  if (rows.some((row) => TAILS.some((name) => lacksSamples(row, name)))) {
    notes.push(
      'Quantiles are given from 7 samples on for p50, 44 for p90, 90 for p95, 459 for p99.',
    );
  }
  if (estimates.some(({ value }) => value !== null)) notes.push(INTERVALS);
  if (rows.some((row) => lateMark(row) !== '')) {
    const percent = 100 * LATE_REQUESTS_MARKED;
    notes.push(
      `!: the client may have stamped a latency late in over ${percent} % of these requests.`,
    );
  }
  if (manifest.validity.calibration !== undefined) {
    notes.push(clientErrorNote(manifest.validity.calibration));
  }
  if (estimates.some((estimate) => estimate.at_least)) {
    notes.push(
      '≥: a lower bound, for some waits were cut short by a limit, or some tokens unknown.',
    );
  }
  return notes;
}

/** «Resumed on 2026-01-02 at 03:04 UTC; 40 requests were recorded before.» */
function resumedNote(manifest: Manifest): string | null {
  const words = resumedWords(manifest);
  if (words === null) return null;
  const before = manifest.resumed?.at(-1)?.records_before ?? 0;
  const recorded = `${counted(before, 'request')} ${before === 1 ? 'was' : 'were'} recorded before`;
  return `${words.replace(/^r/, 'R')}; ${recorded}.`;
}

/** «Client error: p99 0.4 ms at 64 streams» */
function clientErrorNote({ error_ms_p99, streams, chunk_rate, cached, measured_at }: ClientError) {
  const load = `${counted(streams, 'stream')} of ${formatCount(chunk_rate)} chunks/s`;
  const when = cached ? `, measured on this host on ${measured_at.slice(0, 10)}` : '';
  return `Client error: p99 ${formatFigure(error_ms_p99)} ms at ${load}${when}.`;
}

function lacksSamples(row: SummaryRow, name: EstimateName): boolean {
  const { value, n } = row.estimates[name];
  return value === null && n > 0;
}

function sourcesOf(rows: SummaryRow[]): string[] {
  const sources = distinct(
    rows.filter((row) => row.requests.ok > 0),
    (row) => row.token_source,
  );
  const words = {
    usage: "the server's usage",
    tokenizer: 'a tokenizer (~)',
    mixed: 'several sources (*)',
    unknown: 'unknown, for the server sends no usage and the config names no tokenizer',
  };
  return sources.length === 0 ? [] : [`Tokens: ${sources.map((each) => words[each]).join(', ')}.`];
}
