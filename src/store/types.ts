import type { JsonObject } from '../json.ts';
import type { PlannedRow } from '../metrics/types.ts';

/** `manifest.json`: what the records of a run mean, and whether to believe them. */
export interface Manifest {
  schema_version: 1;
  /** The folder's name. */
  run_id: string;
  /** `partial` until the last record is synced and the summaries are written. */
  state: 'partial' | 'complete';
  /** Why a run ended before its plan did; `null` where it did not. */
  interrupted: string | null;
  simulated: boolean;
  validity: { verdict: 'valid' | 'warned' | 'invalid'; reasons: string[] };
  started_at: string;
  finished_at: string | null;
  duration_ms: number | null;
  /** The run's origin on both clocks; every other instant is relative to it. */
  clock: { wall: string; monotonic_ns: string };
  seed: string;
  /** In front of every prompt, with the request's number; `null` where switched off. */
  nonce: string | null;
  plan_hash: string;
  prompts_hash: string;
  suites: { name: string; hash: string; cases: number }[];
  /** Targets, models and settings as resolved; secrets are left out. */
  config: JsonObject;
  planned: PlannedRow[];
  quantiles: 'Hyndman-Fan type 7';
  /** Of what took part in the measurement; `recomputed_by` where another version derived it again. */
  versions: Record<string, string>;
  host: { platform: string; arch: string; cpus: number; cpu_model: string; memory_bytes: number };
  git: { revision: string; dirty: boolean } | null;
}
