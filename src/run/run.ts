import type { StreamLoad } from '../calibration/cache.ts';
import { MeasuringThread } from '../load/measuring-thread.ts';
import type { UnsentReason } from '../load/protocol.ts';
import type { RowEvidence } from '../metrics/evidence.ts';
import { Summariser } from '../metrics/summary.ts';
import type { PlannedRow, RequestRecord, SummaryRow } from '../metrics/types.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlannedRequest } from '../plan/types.ts';
import type { Grade } from '../score/types.ts';
import { redactorOf, type Secret } from '../secrets.ts';
import { createRunFolder, type RunFolder } from '../store/folder.ts';
import type { Manifest } from '../store/types.ts';
import { authoritiesOf } from './authority.ts';
import { clientErrorAt, loadOf } from './client-error.ts';
import { type GradingWishes, RunGrading } from './grading/run-grading.ts';
import { measure } from './measure.ts';
import { type OpenRun, openRecords, type RunDescription } from './open-records.ts';
import type { Progress } from './progress.ts';
import { readGit } from './provenance.ts';
import { Skips } from './skips.ts';
import { figuresOf, judgeValidity } from './validity.ts';
import { writeManifest, writeReports } from './write-reports.ts';

export interface RunOptions extends RunDescription, GradingWishes {
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
  /**
   * Told once, before the first request.
   * @param settle told of requests that need not be sent
   * @param conclude told that nothing need be sent any more
   */
  begin(settle: (requestIds: readonly string[]) => void, conclude: () => void): void;
  /** Told of each grade once it is in its journal; of one that is to be had at once, before its record. */
  graded?(grade: Grade): void;
  /** Told of each record once it is in the journal. */
  taken(record: RequestRecord): void;
  unsent(request: PlannedRequest, reason: UnsentReason): void;
}

/** A run under way: what a caller may look at, and do to it. */
export interface StartedRun {
  folder: RunFolder;
  plan: Plan;
  progress: Progress;
  /** Ends the run early: nothing more is sent, what is in flight is given up, what waits is not graded. */
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
  /** Secrets that replies held, which were starred out. */
  starred: readonly Secret[];
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
  const redactor = redactorOf(targets, options.judges?.secrets);
  const grading = new RunGrading(options, run, (grade) => {
    summariser.addGrade(grade);
    options.watch?.graded?.(grade);
  });
  const measuring = measure({
    thread,
    plan,
    originNs: run.manifest.clock.monotonic_ns,
    targets,
    settings,
    authorities: await authoritiesOf(targets),
    tokenizers: options.tokenizers,
    redactor,
    onTaken: ({ tape, record, reply }, request) => {
      journal.append(record);
      tapes?.append(tape);
      summariser.add(record);
      skips.record(record);
      grading.taken(request, record, reply);
      options.watch?.taken(record);
      options.onRecord?.(record);
    },
    onUnsent: (request, reason) => {
      skips.unsent(request, reason);
      grading.unsent(request);
      options.watch?.unsent(request, reason);
    },
    onRefused: (model) => skips.refused(model),
  });
  options.watch?.begin(measuring.settle, () => measuring.conclude('unjudged'));
  let measured = false;
  let interrupted: string | null = null;
  options.onStart?.({
    folder,
    plan,
    progress: measuring.progress,
    stop: (reason, label) => {
      // What stops the grading alone leaves everything measured.
      if (!measured) interrupted = label;
      grading.stop();
      measuring.stop(reason);
    },
    skip: (model) => measuring.skip(model),
    flushNow: () => {
      journal.flushNow();
      grading.flushNow();
    },
  });
  const startedMs = performance.now();
  const { maxDurationMs = null } = options;
  const timer =
    maxDurationMs === null
      ? null
      : setTimeout(() => measuring.conclude('duration'), Math.min(maxDurationMs, TIMER_MOST_MS));
  const finished = await measuring.finished
    .finally(() => {
      measured = true;
      if (timer !== null) clearTimeout(timer);
      return Promise.all([journal.close(), tapes?.close()]);
    })
    .catch((error: unknown) => grading.abandon(error));

  const planned: PlannedRow[] = skips.settle(plan.rows);
  const measuredManifest: Manifest = {
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
  const write = async () => {
    const report = grading.report();
    const manifest = report === null ? measuredManifest : { ...measuredManifest, grading: report };
    const evidence = summariser.evidence(planned);
    const rows = evidence.map(({ row }) => row);
    await writeReports({ path: folder.path, manifest }, rows);
    await writeManifest(folder.path, manifest);
    return { manifest, evidence, rows };
  };
  // However long grading takes, and whatever becomes of it, what was measured is there.
  if (grading.isWaiting) await write();
  await grading.finish();
  return {
    folder,
    ...(await write()),
    allRefused: skips.allRefused,
    refusal: skips.firstRefusal?.error_message ?? null,
    starred: [...redactor.found],
  };
}
