import { rowKey } from '../../metrics/row-key.ts';
import type { RequestRecord } from '../../metrics/types.ts';
import type { Grade } from '../../score/types.ts';
import type { Pair } from '../paired/pair.ts';
import { LEAST_DIFFERENCES } from './shift-noise.ts';
import type { NoiseSource } from './types.ts';

/** Pairs of requests that nothing but chance tells apart, or nothing but the arm. */
export interface PairSource {
  /** Of the candidate, where there is one. */
  target: string;
  model: string;
  suite: string;
  /** Of the baseline; the same as the candidate's where nothing was compared. */
  baseline: { target: string; model: string };
  source: NoiseSource;
  pairs: Pair[];
  /** What the pairs were made of: measured requests that were sent. */
  requests: SourceRecord[];
}

/** A record, with the grade of its answer where there is one. */
export type SourceRecord = RequestRecord & { grade?: Grade };

/**
 * The pairs that tell how noisy a comparison is, one entry for each model and suite (each comparison
 * of a run of pairs) in the order in which their records come.
 */
export class PairSources {
  readonly #rows = new Map<string, SourceRecord[]>();
  readonly #halves = new Map<string, SourceRecord>();
  readonly #comparisons = new Map<string, { pairs: Pair[]; requests: SourceRecord[] }>();

  add(record: SourceRecord): void {
    if (record.phase !== 'measure' || !wasAnswered(record)) return;
    if (record.pair_id !== undefined) {
      this.#addHalf(record, record.pair_id);
      return;
    }
    const key = rowKey(record);
    const row = this.#rows.get(key);
    if (row === undefined) this.#rows.set(key, [record]);
    else row.push(record);
  }

  all(): PairSource[] {
    const paired = [...this.#comparisons.values()].map(({ pairs, requests }) =>
      sourceOf('pairs', pairs, requests),
    );
    return [...paired, ...[...this.#rows.values()].map(plainSource)];
  }

  #addHalf(record: SourceRecord, pairId: string): void {
    const other = this.#halves.get(pairId);
    if (other === undefined) {
      this.#halves.set(pairId, record);
      return;
    }
    this.#halves.delete(pairId);
    const [candidate, baseline] = record.arm === 'candidate' ? [record, other] : [other, record];
    const key = `${rowKey(candidate)}\n${rowKey(baseline)}`;
    const comparison = this.#comparisons.get(key) ?? { pairs: [], requests: [] };
    this.#comparisons.set(key, comparison);
    comparison.pairs.push({ candidate, baseline });
    comparison.requests.push(candidate, baseline);
  }
}

/** What was dropped, cancelled or lost says nothing of the model. */
function wasAnswered({ outcome }: SourceRecord): boolean {
  return outcome !== 'dropped' && outcome !== 'lost' && outcome !== 'cancelled';
}

/** Repeats of a case two by two; where these are few, neighbours. */
function plainSource(requests: SourceRecord[]): PairSource {
  const inOrder = requests.sort((a, b) => a.started_ms - b.started_ms);
  const byCase = new Map<string, SourceRecord[]>();
  for (const record of inOrder) {
    const key = `${record.case_id}\n${record.turn}`;
    const repeats = byCase.get(key);
    if (repeats === undefined) byCase.set(key, [record]);
    else repeats.push(record);
  }
  const repeats = [...byCase.values()].flatMap(twoByTwo);
  return repeats.length >= LEAST_DIFFERENCES
    ? sourceOf('repeats', repeats, inOrder)
    : sourceOf('neighbours', twoByTwo(inOrder), inOrder);
}

/** No request is in two pairs, so that their differences are independent of one another. */
function twoByTwo(records: SourceRecord[]): Pair[] {
  const pairs: Pair[] = [];
  for (let i = 0; i + 1 < records.length; i += 2) {
    const [baseline, candidate] = records.slice(i, i + 2) as [SourceRecord, SourceRecord];
    pairs.push({ candidate, baseline });
  }
  return pairs;
}

function sourceOf(source: NoiseSource, pairs: Pair[], requests: SourceRecord[]): PairSource {
  const [one, other = one] = requests as [SourceRecord, SourceRecord?];
  const { target, model, suite } = one;
  const baseline = { target: other.target, model: other.model };
  return { target, model, suite, baseline, source, pairs, requests };
}
