/**
 * tokentape as a library: run a benchmark, read a run back, decode a tape, compute the metrics, judge.
 *
 * @example
 * import { openRun, readRecords, run, summarise } from 'tokentape';
 * const { rows: fresh } = await run({ suite: ['smoke'], model: ['DeepSeek-R1'] });
 *
 * const stored = await openRun('latest', 'results');
 * const records = [];
 * for await (const record of readRecords(stored)) records.push(record);
 * const rows = summarise(records, stored.manifest.planned, {});
 */
export { type GroundTruth, startGroundTruth } from './calibration/ground-truth.ts';
export type { SenderStats } from './calibration/lateness.ts';
export type { Schedule } from './calibration/schedule.ts';
export type { SenderOptions } from './calibration/sender.ts';
export {
  type ChunkErrors,
  chunkErrors,
  type StampingError,
  stampingError,
  summariseErrors,
} from './calibration/stamping-error.ts';
export type { AbortCode } from './capture/recording.ts';
export type { Tape, TapeEnd, TapeEndHow, TransportStage } from './capture/tape.ts';
export { type LoadedConfig, loadConfig } from './config/load.ts';
export { resolveTargets } from './config/resolve.ts';
export { resolveSettings } from './config/settings.ts';
export type {
  DialectName,
  Model,
  Order,
  Price,
  Protocol,
  RequestLimits,
  RunLimits,
  RunSettings,
  Slo,
  Target,
} from './config/types.ts';
export { inflateTape } from './decode/inflate.ts';
export { outcomeOf } from './decode/outcome.ts';
export { decodeTape } from './decode/reply.ts';
export { SseDecoder, type SseEvent } from './decode/sse.ts';
export {
  type DecodedReply,
  type Flag,
  OUTCOMES,
  type Outcome,
  type OutcomeClass,
  type TokenEvent,
  type Usage,
} from './decode/types.ts';
export { DEFINITION_NAMES, definitionsOf } from './definitions/index.ts';
export type { Distribution, Figures } from './definitions/tally.ts';
export type { Definition, Reading, Reply } from './definitions/types.ts';
export { TokentapeError } from './errors.ts';
export { EXIT, type ExitCode } from './exit-codes.ts';
export { judgeLimits } from './gate/limits/judge-limits.ts';
export { type GatedMetric, parseGatedMetric } from './gate/metric.ts';
export { type Pair, type PairedFinding, PairedGate } from './gate/paired/paired-gate.ts';
export { type ChangeLimits, DEFAULT_GATE, type GateSettings } from './gate/settings.ts';
export { parseThreshold, type Threshold } from './gate/thresholds.ts';
export type { Change, CheckResult, Finding, FindingVerdict, Verdict } from './gate/types.ts';
export type { RowEvidence } from './metrics/evidence.ts';
export { recordOf } from './metrics/record.ts';
export * from './metrics/request.ts';
export { Summariser, summarise } from './metrics/summary.ts';
export {
  type Accounting,
  ESTIMATES,
  type Estimate,
  type EstimateName,
  type PlannedRow,
  type RequestRecord,
  type RowGrades,
  type SummaryRow,
  type TokenSource,
} from './metrics/types.ts';
export { buildPlan, type ListedTarget, type Plan, type PlanInput } from './plan/plan.ts';
export type { Phase, PlannedRequest } from './plan/types.ts';
export { requestsCsv, summaryCsv } from './report/csv.ts';
export type { ByDefinitions, DefinedRow } from './report/definitions.ts';
export { runJson } from './report/json.ts';
export { runMarkdown } from './report/markdown.ts';
export { renderTable } from './report/table.ts';
export type { RunView, TextOptions } from './report/view.ts';
export { byDefinitions } from './run/by-definitions.ts';
export { type RunFromFlags, run } from './run/from-flags.ts';
export { type Recomputed, recomputeRun } from './run/recompute.ts';
export { type RunOptions, type RunResult, runBenchmark, type StartedRun } from './run/run.ts';
export { type PreparedTargets, prepareTargets } from './run/targets.ts';
export type { Grade, GraderResult, Judgement, Mark } from './score/types.ts';
export {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from './simulator/server.ts';
export {
  listRuns,
  openRun,
  readGrades,
  readRecords,
  readTapes,
  type StoredRun,
} from './store/read.ts';
export type { Manifest } from './store/types.ts';
export { loadSuite, suiteSearchDirs } from './suite/load.ts';
export type { Case, ChatMessage, Expectation, Suite } from './suite/types.ts';
