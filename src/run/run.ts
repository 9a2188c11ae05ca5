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
import type { Manifest, Validity } from '../store/types.ts';
import { WriteWatch } from '../store/write-watch.ts';
import { claimRun } from '../store/writer.ts';
import { authoritiesOf } from './authority.ts';
import { clientErrorAt, loadOf } from './client-error.ts';
import { cutShort, notBegun } from './cut-short.ts';
import { type GradingWishes, RunGrading } from './grading/run-grading.ts';
import { measure } from './measure.ts';
import { type OpenRun, openRecords, type RunDescription } from './open-records.ts';
import type { Progress } from './progress.ts';
import { readGit } from './provenance.ts';
import { limitsLeft } from './resume/before.ts';
import { reopenRecords } from './resume/reopen.ts';
import type { Resumable } from './resume/resumable.ts';
import { goingOn, revisions } from './resume/resumption.ts';
import { takeOver } from './resume/take-over.ts';
import { Skips } from './skips.ts';
import { figuresOf, judgeValidity, worseOf } from './validity.ts';
import { writeManifest, writeReports } from './write-reports.ts';

export interface RunOptions extends RunDescription, GradingWishes {
  /** A run that was cut off, to be gone on with; plan and settings are its own. */
  resumable?: Resumable;
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
  /** As it stands on disk until the run ends. */
  manifest: Manifest;
  plan: Plan;
  progress: Progress;
  /** How many are in the journal by now. */
  readonly records: number;
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
 * @throws TokentapeError where the results cannot be written (exit 74); RunBroke where something broke
 *   that is no one's fault but ours
 */
export async function runBenchmark(options: RunOptions): Promise<RunResult> {
  const { suites, settings } = options;
  const thread = options.thread ?? new MeasuringThread();
  try {
    const load = loadOf(options.plan, settings);
    const calibration = settings.calibrate
      ? await clientErrorAt(load, thread, options.onCalibrate)
      : undefined;
    if (options.resumable !== undefined) {
      const run = await reopenRecords(options.resumable);
      return await record(options, thread, { ...run, calibration });
    }
    const startedAt = new Date();
    const folder = await createRunFolder(
      settings.outputDir,
      suites.map(({ name }) => name),
      startedAt,
    );
    const claimed = await claimRun(folder.path);
    try {
      const run = await openRecords(options, folder, startedAt).catch((error: unknown) => {
        throw notBegun(error);
      });
      return await record(options, thread, { ...run, calibration });
    } finally {
      await claimed.release();
    }
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
  const kept = { records: 0 };
  const files = [run.journal, run.grades, run.tapes].filter((file) => file !== null);
  const writes = new WriteWatch(files);
  try {
    return await recordToItsEnd(options, thread, run, { writes, kept });
  } catch (error) {
    throw cutShort(error, run, kept.records);
  } finally {
    writes.end();
  }
}

async function recordToItsEnd(
  options: RunOptions,
  thread: MeasuringThread,
  run: OpenRun,
  { writes, kept }: { writes: WriteWatch; kept: { records: number } },
): Promise<RunResult> {
  const { targets, settings } = options;
  const { plan, folder, journal, tapes, before } = run;
  const git = readGit(process.cwd());
  const summariser = new Summariser(
    settings.slo,
    targets.flatMap(({ name, simulated }) => (simulated ? name : [])),
  );
  const skips = new Skips();
  const redactor = redactorOf(targets, options.judges?.secrets);
  const grading = new RunGrading(options, run, (grade) => {
    summariser.addGrade(grade);
    options.watch?.graded?.(grade);
  });
  const endedBefore = before && (await takeOver(before, { summariser, skips, grading }));
  const authorities = await authoritiesOf(targets);
  const { manifest: begun, originNs } = before === undefined ? run : goingOn(run, before);
  const measuring = measure({
    thread,
    plan,
    originNs,
    targets,
    settings: { ...settings, runLimits: limitsLeft(settings.runLimits, before) },
    endedBefore,
    authorities,
    tokenizers: options.tokenizers,
    redactor,
    onTaken: ({ tape, record, reply }, request) => {
      journal.append(record);
      kept.records += 1;
      tapes?.append(tape);
      summariser.add(record);
      skips.record(record);
      grading.taken(request, record, reply);
      if (record.outcome !== 'ok') summariser.brokenOff(request);
      options.watch?.taken(record);
      options.onRecord?.(record);
      return tapes?.room();
    },
    onLost: (record) => {
      journal.append(record);
      kept.records += 1;
      options.onRecord?.(record);
    },
    onUnsent: (request, reason) => {
      skips.unsent(request, reason);
      grading.unsent(request);
      summariser.brokenOff(request);
      options.watch?.unsent(request, reason);
    },
    onRefused: (model) => skips.refused(model),
  });
  void writes.trouble.then((error) => {
    measuring.fail(error);
    grading.stop();
  });
  // While requests are sent already; what is there until then is off by moments.
  const clockWritten =
    begun === run.manifest ? null : writeManifest(folder.path, begun).catch(measuring.fail);
  options.watch?.begin(measuring.settle, () => measuring.conclude('unjudged'));
  let measured = false;
  let interrupted: string | null = null;
  options.onStart?.({
    folder,
    manifest: begun,
    plan,
    progress: measuring.progress,
    get records() {
      return kept.records;
    },
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
    .catch(async (error: unknown) => {
      // What cannot be kept must not go on to be paid for.
      await thread.end();
      throw error;
    })
    .finally(() => {
      measured = true;
      if (timer !== null) clearTimeout(timer);
      return Promise.all([journal.close(), tapes?.close(), clockWritten]);
    })
    .catch((error: unknown) => grading.abandon(error));

  const planned: PlannedRow[] = skips.settle(plan.rows);
  const validity: Validity = {
    ...judgeValidity(
      figuresOf(finished),
      settings.validity,
      targets.every((target) => target.simulated),
    ),
    ...(run.calibration && { calibration: run.calibration }),
  };
  const measuredManifest: Manifest = {
    ...begun,
    state: interrupted === null ? 'complete' : 'partial',
    interrupted,
    finished_at: new Date().toISOString(),
    duration_ms: (before?.durationMs ?? 0) + (performance.now() - startedMs),
    planned,
    validity: before === undefined ? validity : worseOf(before.validity, validity),
    ...revisions(begun, before, await git),
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
  await Promise.race([grading.finish(), writes.trouble.then((error) => Promise.reject(error))]);
  return {
    folder,
    ...(await write()),
    allRefused: skips.allRefused,
    refusal: skips.firstRefusal?.error_message ?? null,
    starred: [...redactor.found],
  };
}
