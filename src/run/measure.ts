import type { RunSettings, Target } from '../config/types.ts';
import { messageOf } from '../errors.ts';
import type { MeasuringThread } from '../load/measuring-thread.ts';
import { type MeasureJob, modelKey, type Report, type UnsentReason } from '../load/protocol.ts';
import type { RequestRecord } from '../metrics/types.ts';
import type { ListedTarget, Plan } from '../plan/plan.ts';
import type { PlannedRequest } from '../plan/types.ts';
import type { Redactor } from '../secrets.ts';
import { billedTokens, billedUsd } from './billed.ts';
import { type IntakeContext, type TakenTape, takeIn } from './intake.ts';
import { lostRecord, lostRequests } from './lost.ts';
import { type EndedBefore, Progress } from './progress.ts';
import type { Tokenizers } from './tokenizers.ts';

export interface MeasureOptions {
  thread: MeasuringThread;
  plan: Plan;
  /** `process.hrtime.bigint()` of the run's origin, as a decimal string. */
  originNs: string;
  targets: readonly ListedTarget[];
  settings: RunSettings;
  /** PEM of the targets that have a certificate authority of their own. */
  authorities: ReadonlyMap<string, string>;
  /** By their paths as the config writes them. */
  tokenizers?: Tokenizers | undefined;
  redactor: Redactor;
  /** Of a run that is gone on with, by `modelKey`. */
  endedBefore?: ReadonlyMap<string, EndedBefore> | undefined;
  /** Keeps a record; what it throws ends the run. The next tape waits for what it waits for. */
  onTaken: (taken: TakenTape, request: PlannedRequest) => void | Promise<void>;
  /** Keeps the record of a request that went down with the measuring thread. */
  onLost: (record: RequestRecord) => void;
  onUnsent: (request: PlannedRequest, reason: UnsentReason) => void;
  onRefused: (model: { target: string; model: string }) => void;
}

type Finished = Extract<Report, { type: 'finished' }>;

export interface Measuring {
  progress: Progress;
  /** Rejects with what `onTaken` threw, or with what killed the measuring thread. */
  finished: Promise<Finished>;
  /** What came can no longer be kept: nothing more is taken in, and `finished` rejects. */
  fail(error: unknown): void;
  /** Sends nothing more, and gives up what is in flight. */
  stop(reason: UnsentReason): void;
  /** Sends nothing more; what is in flight goes on. */
  conclude(reason: UnsentReason): void;
  /** Sends nothing more to this model; what is in flight goes on. */
  skip(model: { target: string; model: string }): void;
  /** Does not send what of these was not sent yet. */
  settle(requestIds: readonly string[]): void;
}

/** More waiting tapes than this, and catching up comes first. */
const QUEUE_AT_EASE = 64;

/**
 * Between two tapes drawing and disk get their turn, however many wait. While few do, this thread
 * also sleeps: on a machine with few cores it may stand on the measuring thread's, and the system
 * leaves it there until it sleeps or its slice of some milliseconds is used up.
 */
function rest(waiting: number): Promise<void> {
  return new Promise((resolve) => {
    if (waiting > QUEUE_AT_EASE) setImmediate(resolve);
    else setTimeout(resolve, 1);
  });
}

/** Runs a plan in the measuring thread and takes its tapes in, one at a time. */
export function measure(options: MeasureOptions): Measuring {
  const { thread, plan, settings } = options;
  const modelKeys = [...new Set(plan.rows.map(modelKey))];
  const counts = { inFlight: countersOf(modelKeys), sent: countersOf(modelKeys) };
  const sending = sendingMs(plan, settings, modelKeys.length);
  const progress = new Progress(plan.rows, counts.inFlight, sending, options.endedBefore);
  const { keepText, requestLimits } = settings;
  const { bodyBytes } = requestLimits;
  const contexts = contextsOf({ ...options, settings: { keepText, bodyBytes } });
  let fail = (_: unknown): void => {};

  const finished = new Promise<Finished>((resolve, reject) => {
    const queue: Report[] = [];
    const recorded = new Map<string, number>();
    const settled = new Set<string>();
    let draining = false;
    let failed = false;
    let died: Error | null = null;
    fail = (error) => {
      failed = true;
      reject(error);
    };
    const drain = async (): Promise<void> => {
      draining = true;
      for (let report = queue.shift(); report !== undefined; report = queue.shift()) {
        if (report.type === 'finished') return resolve(report);
        if (failed) return;
        await handle(report);
        await rest(queue.length);
      }
      draining = false;
      if (died !== null) bury(died);
    };
    const contextOf = (request: PlannedRequest): IntakeContext => {
      const context = contexts.get(modelKey(request));
      if (context === undefined) throw new Error(`no context for ${request.requestId}`);
      return context;
    };
    const handle = async (report: Report): Promise<void> => {
      if (report.type === 'tape') {
        const { request } = report;
        const bytes = report.tape.body.byteLength;
        const taken = await takeIn(request, report.tape, contextOf(request));
        if (failed) return;
        await options.onTaken(taken, request);
        settled.add(request.requestId);
        recorded.set(modelKey(request), (recorded.get(modelKey(request)) ?? 0) + 1);
        progress.ended(taken.record);
        acknowledge(thread, request, taken, bytes);
      } else if (report.type === 'unsent') {
        options.onUnsent(report.request, report.reason);
        settled.add(report.request.requestId);
        progress.unsent(report.request);
      } else if (report.type === 'refused') {
        options.onRefused(report);
      }
    };
    /** All that it handed over was taken in; what it had sent besides is lost with it. */
    const bury = (error: Error): void => {
      if (failed) return;
      const atMs = Number(process.hrtime.bigint() - BigInt(options.originNs)) / 1e6;
      const why = `the measuring thread died: ${messageOf(error)}`;
      const sent = countsOf(counts.sent, modelKeys);
      try {
        for (const request of lostRequests(plan.requests, { sent, recorded, settled })) {
          options.onLost(lostRecord(request, contextOf(request), atMs, why));
        }
        fail(error);
      } catch (trouble) {
        fail(trouble);
      }
    };
    thread
      .begin(
        jobOf(options, modelKeys, counts),
        (report) => {
          queue.push(report);
          if (!draining) drain().catch(fail);
        },
        (error) => {
          died ??= error;
          if (!draining) bury(died);
        },
      )
      .catch(fail);
  });
  return {
    progress,
    finished,
    fail,
    stop: (reason) => thread.tell({ type: 'stop', reason, abort: true }),
    conclude: (reason) => thread.tell({ type: 'stop', reason, abort: false }),
    skip: ({ target, model }) => thread.tell({ type: 'skip', target, model }),
    settle: (requestIds) => thread.tell({ type: 'settle', requestIds }),
  };
}

function countersOf(modelKeys: readonly string[]): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * modelKeys.length);
}

function countsOf(counters: SharedArrayBuffer, modelKeys: readonly string[]): Map<string, number> {
  const values = new Int32Array(counters);
  return new Map(modelKeys.map((key, slot) => [key, Atomics.load(values, slot)]));
}

/** How long sending goes on where time alone ends it; `null` where the plan does. */
function sendingMs(plan: Plan, settings: RunSettings, models: number): number | null {
  const { durationMs } = settings.runLimits;
  if (!plan.cycle || durationMs === null) return null;
  return settings.order === 'sequential' ? durationMs * models : durationMs;
}

/** Frees the tape's share of the backlog and of the budget, and goes on with a conversation. */
function acknowledge(
  thread: MeasuringThread,
  request: PlannedRequest,
  { record, reply }: TakenTape,
  bytes: number,
): void {
  const { requestId } = request;
  thread.tell({
    type: 'taken',
    requestId,
    bytes,
    costUsd: billedUsd(record, request),
    outputTokens: billedTokens(record, request),
  });
  if (request.turn < request.turnCount - 1) {
    const answer = record.outcome === 'ok' ? reply.answerText : null;
    thread.tell({ type: 'turn', requestId, answer });
  }
}

/** What the intake has to know of each model, by `modelKey`. */
export function contextsOf(
  options: Pick<MeasureOptions, 'targets' | 'tokenizers' | 'redactor'> & {
    settings: Pick<IntakeContext, 'keepText' | 'bodyBytes'>;
  },
): Map<string, IntakeContext> {
  const contexts = new Map<string, IntakeContext>();
  for (const target of options.targets) {
    for (const model of target.models) {
      contexts.set(modelKey({ target: target.name, model: model.name }), {
        target,
        model,
        redactor: options.redactor,
        keepText: options.settings.keepText,
        bodyBytes: options.settings.bodyBytes,
        tokenizer: options.tokenizers?.get(model.tokenizer ?? '') ?? null,
      });
    }
  }
  return contexts;
}

function jobOf(
  { plan, originNs, targets, settings, authorities }: MeasureOptions,
  modelKeys: string[],
  counts: Pick<MeasureJob, 'inFlight' | 'sent'>,
): MeasureJob {
  return {
    runOriginNs: originNs,
    targets: targets.map((target) => measuredTarget(target, authorities)),
    requests: plan.requests,
    order: settings.order,
    concurrency: settings.concurrency,
    requestLimits: settings.requestLimits,
    runLimits: settings.runLimits,
    cycle: plan.cycle,
    lateMs: settings.validity.lateMs,
    modelKeys,
    ...counts,
  };
}

function measuredTarget(
  target: Target,
  authorities: ReadonlyMap<string, string>,
): MeasureJob['targets'][number] {
  const { models: _models, caFile: _caFile, simulated: _simulated, ...measured } = target;
  return { ...measured, ca: authorities.get(target.name) };
}
