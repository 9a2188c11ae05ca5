import path from 'node:path';
import type { StreamLoad } from '../calibration/cache.ts';
import { publicConfig } from '../config/public.ts';
import type { RunSettings, Target } from '../config/types.ts';
import { MeasuringThread } from '../load/measuring-thread.ts';
import type { UnsentReason } from '../load/protocol.ts';
import type { RowEvidence } from '../metrics/evidence.ts';
import { Summariser } from '../metrics/summary.ts';
import type { PlannedRow, RequestRecord, SummaryRow } from '../metrics/types.ts';
import { METRICS_VERSION } from '../metrics/version.ts';
import { type ListedTarget, type Plan, withNonces } from '../plan/plan.ts';
import type { PlannedRequest } from '../plan/types.ts';
import { createRedactor, secretsOf } from '../secrets.ts';
import { createRunFolder, pointLatest, RUN_FILES, type RunFolder } from '../store/folder.ts';
import { Journal } from '../store/journal.ts';
import { writePlan } from '../store/plan-file.ts';
import { TapeWriter } from '../store/tape-writer.ts';
import type { ClientError, Manifest, StoredCheck } from '../store/types.ts';
import type { Suite } from '../suite/types.ts';
import { readAuthority } from './authority.ts';
import { clientErrorAt, loadOf } from './client-error.ts';
import { measure } from './measure.ts';
import { nonceOf } from './nonce.ts';
import type { Progress } from './progress.ts';
import { describeHost, readGit, readVersions } from './provenance.ts';
import { Skips } from './skips.ts';
import { identitiesOf, type Tokenizers } from './tokenizers.ts';
import { figuresOf, judgeValidity } from './validity.ts';
import { writeManifest, writeReports } from './write-reports.ts';

export interface RunOptions {
  suites: readonly Suite[];
  /** With their models known; see `prepareTargets`. */
  targets: readonly ListedTarget[];
  /** Of the same suites, targets and settings. */
  plan: Plan;
  settings: RunSettings;
  /** Of the models that have one, by the path as the config writes it. */
  tokenizers?: Tokenizers;
  /** What the run is sent for, where it is a check; written into the manifest. */
  check?: StoredCheck;
  /** Nothing is sent after this long, in whatever order; what is in flight may finish. */
  maxDurationMs?: number | null;
  /** Sees what becomes of each request, and may find that the rest of them is not needed. */
  watch?: RunWatch;
  /** Loading already; given by a caller that wants the first request out sooner. */
  thread?: MeasuringThread;
  /** Told before the client's own error is measured, which takes two seconds. */
  onCalibrate?: (load: StreamLoad) => void;
  /** Told once, before the first request. */
  onStart?: (started: StartedRun) => void;
  /** Told of each record once it is in the journal. */
  onRecord?: (record: RequestRecord) => void;
}

/** Watches a run, and ends parts of it before their plan does. */
export interface RunWatch {
  /** Told once, before the first request. */
  begin(settle: (requestIds: readonly string[]) => void): void;
  /** Told of each record once it is in the journal. */
  taken(record: RequestRecord): void;
  unsent(request: PlannedRequest, reason: UnsentReason): void;
}

/** A run under way: what a caller may look at, and do to it. */
export interface StartedRun {
  folder: RunFolder;
  plan: Plan;
  progress: Progress;
  /** Ends the run early: nothing more is sent, what is in flight is given up. */
  stop(reason: UnsentReason, label: string): void;
  /** Sends nothing more to this model; what is in flight goes on. */
  skip(model: { target: string; model: string }): void;
  /** Makes what was measured durable at once, for a process about to exit. */
  flushNow(): void;
}

export interface RunResult {
  folder: RunFolder;
  manifest: Manifest;
  rows: SummaryRow[];
  /** Of the same rows, in the same order. */
  evidence: RowEvidence[];
  /** Every model refused the key: the key or the address is wrong. */
  allRefused: boolean;
  /** What the first refusal said. */
  refusal: string | null;
}

/**
 * The main job: send, record, derive, write. The folder exists, and was proved writable,
 * before the first request; each record is in the journal before the next is looked at.
 * @throws TokentapeError where the results cannot be written (exit 74)
 */
export async function runBenchmark(options: RunOptions): Promise<RunResult> {
  const { suites, settings } = options;
  const thread = options.thread ?? new MeasuringThread();
  try {
    const load = loadOf(options.plan, settings);
    const calibration = settings.calibrate
      ? await clientErrorAt(load, thread, options.onCalibrate)
      : undefined;
    const startedAt = new Date();
    const folder = await createRunFolder(
      settings.outputDir,
      suites.map(({ name }) => name),
      startedAt,
    );
    const run = await openRecords(options, folder, startedAt);
    return await record(options, thread, { ...run, calibration });
  } finally {
    await thread.end();
  }
}

/** What a timer takes; no run lasts these 24 days. */
const TIMER_MOST_MS = 2 ** 31 - 1;

/** What a run writes to, and what it knows of itself. */
interface OpenRun {
  plan: Plan;
  folder: RunFolder;
  manifest: Manifest;
  journal: Journal;
  tapes: TapeWriter | null;
  /** The client's own error, where it is known. */
  calibration?: ClientError | undefined;
}

async function openRecords(
  options: RunOptions,
  folder: RunFolder,
  startedAt: Date,
): Promise<OpenRun> {
  const { plan, suites, targets, settings } = options;
  const nonce = settings.nonce ? nonceOf(folder.runId) : null;
  const manifest: Manifest = {
    schema_version: 1,
    run_id: folder.runId,
    state: 'partial',
    interrupted: null,
    simulated: targets.some((target) => target.simulated),
    validity: { verdict: 'valid', reasons: [] },
    started_at: startedAt.toISOString(),
    finished_at: null,
    duration_ms: null,
    clock: { wall: new Date().toISOString(), monotonic_ns: String(process.hrtime.bigint()) },
    seed: settings.seed,
    nonce,
    plan_hash: plan.planHash,
    plan_parts: plan.parts,
    prompts_hash: plan.promptsHash,
    suites: suites.map(({ name, hash, cases }) => ({ name, hash, cases: cases.length })),
    config: publicConfig(targets, settings, identitiesOf(options.tokenizers)),
    planned: plan.rows,
    ...(options.check && { check: options.check }),
    quantiles: 'Hyndman-Fan type 7',
    metrics_version: METRICS_VERSION,
    versions: readVersions(),
    host: describeHost(),
    git: null,
  };
  await writeManifest(folder.path, manifest);
  const sent = withNonces(plan, nonce, suites);
  const redactor = createRedactor(targets.flatMap(secretsOf));
  await writePlan(path.join(folder.path, RUN_FILES.plan), sent.requests, manifest, redactor);
  const journal = new Journal(path.join(folder.path, RUN_FILES.requests));
  const tapes = settings.keepTapes
    ? await TapeWriter.open(path.join(folder.path, RUN_FILES.tapes), manifest.simulated)
    : null;
  await pointLatest(settings.outputDir, folder.runId);
  return { plan: sent, folder, manifest, journal, tapes };
}

async function record(
  options: RunOptions,
  thread: MeasuringThread,
  run: OpenRun,
): Promise<RunResult> {
  const { targets, settings } = options;
  const { plan, folder, journal, tapes } = run;
  const git = readGit(process.cwd());
  const summariser = new Summariser(settings.slo);
  const skips = new Skips();
  const measuring = measure({
    thread,
    plan,
    originNs: run.manifest.clock.monotonic_ns,
    targets,
    settings,
    authorities: await authoritiesOf(targets),
    tokenizers: options.tokenizers,
    redactor: createRedactor(targets.flatMap(secretsOf)),
    onTaken: ({ tape, record }) => {
      journal.append(record);
      tapes?.append(tape);
      summariser.add(record);
      skips.record(record);
      options.watch?.taken(record);
      options.onRecord?.(record);
    },
    onUnsent: (request, reason) => {
      skips.unsent(request, reason);
      options.watch?.unsent(request, reason);
    },
    onRefused: (model) => skips.refused(model),
  });
  options.watch?.begin(measuring.settle);
  let interrupted: string | null = null;
  options.onStart?.({
    folder,
    plan,
    progress: measuring.progress,
    stop: (reason, label) => {
      interrupted = label;
      measuring.stop(reason);
    },
    skip: (model) => measuring.skip(model),
    flushNow: () => journal.flushNow(),
  });
  const startedMs = performance.now();
  const { maxDurationMs = null } = options;
  const timer =
    maxDurationMs === null
      ? null
      : setTimeout(measuring.conclude, Math.min(maxDurationMs, TIMER_MOST_MS));
  const finished = await measuring.finished.finally(() => {
    if (timer !== null) clearTimeout(timer);
    return Promise.all([journal.close(), tapes?.close()]);
  });

  const planned: PlannedRow[] = skips.settle(plan.rows);
  const manifest: Manifest = {
    ...run.manifest,
    state: interrupted === null ? 'complete' : 'partial',
    interrupted,
    finished_at: new Date().toISOString(),
    duration_ms: performance.now() - startedMs,
    planned,
    validity: {
      ...judgeValidity(
        figuresOf(finished),
        settings.validity,
        targets.every((target) => target.simulated),
      ),
      ...(run.calibration && { calibration: run.calibration }),
    },
    git: await git,
  };
  const evidence = summariser.evidence(planned);
  const rows = evidence.map(({ row }) => row);
  await writeReports({ path: folder.path, manifest }, rows);
  await writeManifest(folder.path, manifest);
  return {
    folder,
    manifest,
    rows,
    evidence,
    allRefused: skips.allRefused,
    refusal: skips.firstRefusal?.error_message ?? null,
  };
}

async function authoritiesOf(targets: readonly Target[]): Promise<Map<string, string>> {
  const authorities = new Map<string, string>();
  for (const target of targets) {
    const pem = await readAuthority(target);
    if (pem !== undefined) authorities.set(target.name, pem);
  }
  return authorities;
}
