import type { ComparedRun } from '../../src/compare/types.ts';
import { Summariser } from '../../src/metrics/summary.ts';
import type { RequestRecord, SummaryRow } from '../../src/metrics/types.ts';
import { createRandom } from '../../src/random.ts';
import type { Manifest } from '../../src/store/types.ts';
import { aRecord, recordsOf } from '../metrics/fixtures.ts';
import { aManifest } from '../report/fixtures.ts';

/** A run as its records tell it. */
export function aRun(
  name: string,
  records: RequestRecord[],
  manifest: Partial<Manifest> = {},
): ComparedRun {
  const summariser = new Summariser({});
  for (const record of records) summariser.add(record);
  const { planned, ...own } = aManifest({ run_id: name, ...manifest });
  return { name, manifest: { ...own, planned }, rows: summariser.evidence(planned) };
}

/** A run of which only the summary is left. */
export function aSummarisedRun(name: string, rows: SummaryRow[]): ComparedRun {
  return {
    name,
    manifest: aManifest({ run_id: name }),
    rows: rows.map((row) => ({ row, samples: null })),
  };
}

/** Ten requests that all take so long to their first token. */
export function tenRecords(ttftMs: number, changes: Partial<RequestRecord> = {}): RequestRecord[] {
  return Array.from({ length: 10 }, (_, index) =>
    aRecord({ request_id: `r${index}`, case_id: `c${index}`, ttft_ms: ttftMs, ...changes }),
  );
}

const TYPICAL = { ttftMs: 400, tpotMs: 20, tokens: 100 };

/**
 * Requests of one model that answer the same prompts as those of another factor: every latency of a
 * prompt is its own, times the factor, times a chance of its own for each seed.
 */
export function slowedRecords(
  model: string,
  factor: number,
  seed: string,
  changes: Partial<RequestRecord> = {},
  count = 96,
): RequestRecord[] {
  const random = createRandom(seed);
  const chance = () => factor * Math.exp(0.05 * random.normal());
  return recordsOf(model, count, TYPICAL, changes).map((record) => {
    const [ttft, tpot] = [chance(), chance()];
    const tpotMs = (record.tpot_ms as number) * tpot;
    const ttftMs = (record.ttft_ms as number) * ttft;
    const e2eMs = ttftMs + tpotMs * ((record.output_tokens as number) - 1);
    return {
      ...record,
      ttft_ms: ttftMs,
      tpot_ms: tpotMs,
      decode_tokens_per_second: 1000 / tpotMs,
      e2e_ms: e2eMs,
      ended_ms: record.started_ms + e2eMs,
      ...changes,
    };
  });
}
