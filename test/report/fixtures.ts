import { summarise } from '../../src/metrics/summary.ts';
import type { PlannedRow, RequestRecord } from '../../src/metrics/types.ts';
import type { RunView } from '../../src/report/view.ts';
import type { Manifest } from '../../src/store/types.ts';
import { aFailure, aPlannedRow, aTimeout, recordsOf } from '../metrics/fixtures.ts';

export function aManifest(changes: Partial<Manifest> = {}): Manifest {
  return {
    schema_version: 1,
    run_id: '20260102T030405Z-reasoning',
    state: 'complete',
    interrupted: null,
    simulated: false,
    validity: { verdict: 'valid', reasons: [] },
    started_at: '2026-01-02T03:04:05.000Z',
    finished_at: '2026-01-02T03:05:05.000Z',
    duration_ms: 60_000,
    clock: { wall: '2026-01-02T03:04:05.000Z', monotonic_ns: '1' },
    seed: '42',
    nonce: null,
    plan_hash: 'p'.repeat(64),
    prompts_hash: 'q'.repeat(64),
    suites: [{ name: 'reasoning', hash: 's'.repeat(64), cases: 96 }],
    config: {},
    planned: [],
    quantiles: 'Hyndman-Fan type 7',
    versions: { tokentape: '0.1.0' },
    host: { platform: 'linux', arch: 'x64', cpus: 2, cpu_model: 'any', memory_bytes: 1 },
    git: null,
    ...changes,
  };
}

/** A run that was killed after 40 records and gone on with. */
export const RESUMED: Pick<Manifest, 'resumed'> = {
  resumed: [
    {
      at: '2026-01-02T04:05:06.789Z',
      clock: { wall: '2026-01-02T04:04:06.000Z', monotonic_ns: '1' },
      elapsed_ms: 60_000,
      records_before: 40,
      superseded: 2,
      missing: 56,
      before: {
        interrupted: null,
        finished_at: null,
        duration_ms: null,
        validity: { verdict: 'valid', reasons: [] },
      },
    },
  ],
};

export function aView(
  records: RequestRecord[],
  planned: PlannedRow[],
  manifest: Partial<Manifest> = {},
): RunView {
  return { manifest: aManifest({ planned, ...manifest }), rows: summarise(records, planned, {}) };
}

const TYPICAL: Record<string, { ttftMs: number; tpotMs: number; tokens: number }> = {
  'Llama3-Swallow-70B': { ttftMs: 420, tpotMs: 31, tokens: 180 },
  'DeepSeek-R1-Distill-Qwen-32B': { ttftMs: 310, tpotMs: 22, tokens: 640 },
  'DeepSeek-R1-Distill-Qwen-1.5B': { ttftMs: 38, tpotMs: 3.4, tokens: 900 },
  'DeepSeek-R1': { ttftMs: 1250, tpotMs: 46, tokens: 1200 },
  'Qwen2.5-Coder-32B-Instruct': { ttftMs: 290, tpotMs: 21, tokens: 150 },
};

/** Five models on one suite: one with failures and timeouts, one with flags, one not subscribed. */
export function marketRun(manifest: Partial<Manifest> = {}): RunView {
  const simulated = manifest.simulated ?? false;
  const records = Object.entries(TYPICAL).flatMap(([model, typical]) => {
    const all = recordsOf(model, 96, typical, { simulated, cost_usd: 0.0004 });
    if (model === 'DeepSeek-R1') return withFailures(all);
    if (model !== 'Qwen2.5-Coder-32B-Instruct') return all;
    return all.map((record, i) => (i < 3 ? { ...record, flags: ['coalesced'] } : record));
  });
  const planned = Object.keys(TYPICAL).map((model) => aPlannedRow({ model, planned: 96 }));
  planned.push(
    aPlannedRow({
      model: 'Llama-Guard-3-8B',
      planned: 96,
      not_subscribed: true,
      skipped_reason: 'the key is not subscribed to it (HTTP 401)',
    }),
  );
  return aView(records, planned, manifest);
}

function withFailures(records: RequestRecord[]): RequestRecord[] {
  return records.map((record, index) => {
    const { model, request_id, simulated, started_ms } = record;
    const same = { model, request_id, simulated, started_ms };
    if (index < 6) return aTimeout(120_000, { ...same, ended_ms: started_ms + 120_000 });
    if (index > 6) return record;
    const message = 'upstream \u001b[31moverloaded\u001b[0m\n<b>try later</b> \u202egnp.exe';
    return aFailure({ ...same, ended_ms: started_ms + 40, error_message: message });
  });
}
