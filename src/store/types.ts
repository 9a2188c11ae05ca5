import type { JsonObject } from '../json.ts';
import type { JudgeReport } from '../judge/types.ts';
import type { PlannedRow } from '../metrics/types.ts';
import type { PlanParts } from '../plan/hash.ts';
import type { Comparison } from '../plan/pairs.ts';
import type { DeferredKind } from '../score/types.ts';

/** Whether the client itself was fast enough for the figures to be believed. */
export interface Validity {
  verdict: 'valid' | 'warned' | 'invalid';
  /** What, how much, and what to do about it. */
  reasons: string[];
  /** How the measuring thread did in the measured window; absent where nothing was measured. */
  measured?: ThreadFigures;
  /** The client's own error at the load of this run; absent where it was not calibrated. */
  calibration?: ClientError;
}

/** Error of the client's stamps, measured against the ground truth. */
export interface ClientError {
  /** Streams at once, and chunks a second of each. */
  streams: number;
  chunk_rate: number;
  chunks: number;
  error_ms_p50: number;
  error_ms_p99: number;
  error_ms_p999: number;
  error_ms_max: number;
  /** Of one core, by the measuring thread; `null` where the system does not tell. */
  cpu_share: number | null;
  /** UTC. */
  measured_at: string;
  /** Taken from the cache of this host instead of measured for this run. */
  cached: boolean;
}

/** Shares are 0 to 1; `null` where the system does not tell. */
export interface ThreadFigures {
  window_ms: number;
  /** Instants at which the thread was probed. */
  probes: number;
  /** Share of the time in which stamps were later than the limit. */
  late_share: number;
  lateness_ms_p50: number;
  lateness_ms_p99: number;
  lateness_ms_max: number;
  /** Of one core. */
  cpu_share: number | null;
  /** Time in which the thread's loop was not waiting for input. */
  loop_share: number;
  /** Time in which the thread was ready to run, and another had the core. */
  run_queue_share: number | null;
  gc_pauses: number;
  gc_ms: number;
  gc_ms_max: number;
  /** Reads of bodies, and those stamped in or right after a late turn of the loop. */
  reads: number;
  late_reads: number;
  schedule_delay_ms_p99: number;
  schedule_delay_ms_max: number;
  /** How often sending paused because tapes were not taken as fast as they came. */
  backlog_pauses: number;
}

/** What a run was sent for, where that was a check: enough to judge it again in the same way. */
export interface StoredCheck {
  /** Who was held against whom, pair by pair; empty where limits alone were. */
  comparisons: Comparison[];
  /** As the user wrote them. */
  thresholds: string[];
  /** As they are written in a threshold. */
  metrics: string[];
  alpha: number;
  /** Shares, and of error rates points. */
  limits: Record<'median' | 'tail' | 'error_rate', StoredLimits> & { score?: StoredLimits };
  /** Whether scores were watched, and of which suites answers are graded; absent where none were. */
  watch_score?: boolean;
  graded?: Readonly<Record<string, 'at_once' | 'deferred'>>;
  /** Pairs after which it was looked at; those of quantiles other than the median apart. */
  looks: number[];
  tail_looks: number[];
}

interface StoredLimits {
  fail_from: number;
  pass_below: number;
}

/** How the answers of a run were graded. */
export interface GradingReport {
  /** Of the graders: their grades are compared with those of the same version only. */
  graders_version: number;
  /** `unfinished` until all answers are graded that can be; `interrupted`: some were left ungraded. */
  state: 'unfinished' | 'complete' | 'interrupted';
  /** As resolved. */
  settings: JsonObject;
  /** Replies by their mark; a conversation has one for each graded turn. */
  right: number;
  wrong: number;
  ungraded: number;
  /** Replies whose expectations take what was not asked for: they are ungraded. */
  not_run: Partial<Record<DeferredKind, number>>;
  /** How judging went; absent where nobody was asked. */
  judge?: JudgeReport;
  /** Where it was graded again later: by what was expected when it was sent, or is by its suites now. */
  regraded_by?: 'plan' | 'suites';
}

/** A run that was cut off, taken up again. */
export interface Resumption {
  /** UTC. */
  at: string;
  /** The run's origin on both clocks, for what was recorded from here on: nobody ran in between, and no time passed. */
  clock: { wall: string; monotonic_ns: string };
  /** Where the run's clock stood, and went on. */
  elapsed_ms: number;
  /** Records that stay, and those that made room for being sent again. */
  records_before: number;
  superseded: number;
  /** Requests that were to be sent, warm-up included. */
  missing: number;
  /** What the manifest said of the run until then. */
  before: Pick<Manifest, 'interrupted' | 'finished_at' | 'duration_ms' | 'validity'>;
  /**
   * What requests may have cost at most that were in flight when the process was killed; absent where
   * nothing was, or no limit has to be kept.
   */
  unrecorded?: { cost_usd: number; output_tokens: number };
  /** Where they are not those of the run. */
  versions?: Manifest['versions'];
  host?: Manifest['host'];
  git?: Manifest['git'];
}

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
  /** Speed of the embedded simulator; absent where it did not answer, and in runs of the first versions. */
  simulator_profile?: string;
  validity: Validity;
  started_at: string;
  finished_at: string | null;
  duration_ms: number | null;
  /** The run's origin on both clocks; every other instant is relative to it. */
  clock: { wall: string; monotonic_ns: string };
  /** Each time that it was gone on with; absent where it never was. */
  resumed?: Resumption[];
  seed: string;
  /** In front of every prompt, with the request's number; `null` where switched off. */
  nonce: string | null;
  plan_hash: string;
  /** What `plan_hash` covers; absent in runs of the first versions. */
  plan_parts?: PlanParts;
  prompts_hash: string;
  suites: { name: string; hash: string; cases: number }[];
  /** Targets, models and settings as resolved; secrets are left out. */
  config: JsonObject;
  planned: PlannedRow[];
  /** Absent where the run was no check. */
  check?: StoredCheck;
  /** Absent where nothing was to be graded, and in runs of the first versions. */
  grading?: GradingReport;
  quantiles: 'Hyndman-Fan type 7';
  /** Of the formulas behind the records; absent in runs of the first versions, which is 1. */
  metrics_version?: number;
  /** Of what took part in the measurement; `recomputed_by` where another version derived it again. */
  versions: Record<string, string>;
  host: { platform: string; arch: string; cpus: number; cpu_model: string; memory_bytes: number };
  git: { revision: string; dirty: boolean } | null;
}
