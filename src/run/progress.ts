import { modelKey } from '../load/protocol.ts';
import type { PlannedRow, RequestRecord } from '../metrics/types.ts';
import type { ProgressRow, ProgressView } from '../report/progress.ts';

/** Of one model, with its latest samples. */
type ModelProgress = ProgressRow & { before: number; ttfts: number[]; speeds: number[] };

const RECENT = 15;

/** What had ended of a model before the run was gone on with. */
export interface EndedBefore {
  done: number;
  failed: number;
}

/** Counts what has ended; the figures of the report are never taken from here. */
export class Progress {
  readonly #models = new Map<string, ModelProgress>();
  readonly #inFlight: Int32Array;
  readonly #startedAtMs = performance.now();
  readonly #durationMs: number | null;

  /** @param before by `modelKey` */
  constructor(
    rows: readonly PlannedRow[],
    inFlight: SharedArrayBuffer,
    durationMs: number | null,
    before: ReadonlyMap<string, EndedBefore> = new Map(),
  ) {
    this.#inFlight = new Int32Array(inFlight);
    this.#durationMs = durationMs;
    for (const row of rows) {
      const known = this.#models.get(modelKey(row));
      if (known !== undefined) known.planned += row.planned;
      else this.#models.set(modelKey(row), emptyProgress(row));
    }
    for (const [key, { done, failed }] of before) {
      const model = this.#models.get(key);
      if (model !== undefined) Object.assign(model, { before: done, done, failed });
    }
  }

  ended(record: RequestRecord): void {
    const model = this.#models.get(modelKey(record));
    if (model === undefined || record.phase === 'warmup') return;
    model.done += 1;
    if (record.outcome !== 'ok') model.failed += 1;
    keepRecent(model.ttfts, record.ttft_ms);
    keepRecent(model.speeds, record.decode_tokens_per_second);
  }

  unsent(of: { target: string; model: string; phase: string }): void {
    const model = this.#models.get(modelKey(of));
    if (model !== undefined && of.phase === 'measure') model.skipped += 1;
  }

  snapshot(): ProgressView {
    const elapsedMs = performance.now() - this.#startedAtMs;
    const models = [...this.#models.values()].map(
      ({ ttfts, speeds, before: _, ...model }, index) => ({
        ...model,
        inFlight: Atomics.load(this.#inFlight, index),
        ttftMs: median(ttfts),
        tokensPerSecond: median(speeds),
      }),
    );
    return { models, elapsedMs, remainingMs: this.#remainingMs(elapsedMs) };
  }

  /** The slowest model's remaining requests at its pace so far. */
  #remainingMs(elapsedMs: number): number | null {
    if (this.#durationMs !== null) return Math.max(this.#durationMs - elapsedMs, 0);
    const open = [...this.#models.values()]
      .map((model, index) => ({ ...model, inFlight: Atomics.load(this.#inFlight, index) }))
      .filter(({ planned, skipped, before }) => planned > skipped + before);
    // How long a model takes that has not answered once, nobody knows.
    if (open.length === 0 || open.some(({ done, before }) => done === before)) return null;
    return Math.max(
      ...open.map(({ planned, done, skipped, before, inFlight }) => {
        // Those in flight are half done on average.
        const completed = done - before + inFlight / 2;
        return (elapsedMs / completed) * Math.max(planned - before - skipped - completed, 0);
      }),
      0,
    );
  }
}

function emptyProgress(row: PlannedRow): ModelProgress {
  return {
    label: row.label,
    planned: row.planned,
    before: 0,
    done: 0,
    failed: 0,
    skipped: 0,
    inFlight: 0,
    ttftMs: null,
    tokensPerSecond: null,
    ttfts: [],
    speeds: [],
  };
}

function keepRecent(values: number[], value: number | null): void {
  if (value === null) return;
  values.push(value);
  if (values.length > RECENT) values.shift();
}

function median(values: readonly number[]): number | null {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? null;
}
