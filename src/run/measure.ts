import type { RunSettings, Target } from '../config/types.ts';
import type { MeasuringThread } from '../load/measuring-thread.ts';
import { type MeasureJob, modelKey, type Report, type UnsentReason } from '../load/protocol.ts';
import type { ListedTarget, Plan } from '../plan/plan.ts';
import type { PlannedRequest } from '../plan/types.ts';
import type { Redactor } from '../secrets.ts';
import { billedUsd } from './billed.ts';
import { type IntakeContext, type TakenTape, takeIn } from './intake.ts';
import { Progress } from './progress.ts';
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
  /** Keeps a record; what it throws ends the run. The next tape waits for what it waits for. */
  onTaken: (taken: TakenTape, request: PlannedRequest) => void | Promise<void>;
  onUnsent: (request: PlannedRequest, reason: UnsentReason) => void;
  onRefused: (model: { target: string; model: string }) => void;
}

type Finished = Extract<Report, { type: 'finished' }>;

export interface Measuring {
  progress: Progress;
  /** Rejects with what `onTaken` threw, or with what killed the measuring thread. */
  finished: Promise<Finished>;
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
  const inFlight = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * modelKeys.length);
  const progress = new Progress(plan.rows, inFlight, sendingMs(plan, settings, modelKeys.length));
  const { keepText, requestLimits } = settings;
  const { bodyBytes } = requestLimits;
  const contexts = contextsOf({ ...options, settings: { keepText, bodyBytes } });

  const finished = new Promise<Finished>((resolve, reject) => {
    const queue: Report[] = [];
    let draining = false;
    const drain = async (): Promise<void> => {
      draining = true;
      for (let report = queue.shift(); report !== undefined; report = queue.shift()) {
        if (report.type === 'finished') return resolve(report);
        await handle(report);
        await rest(queue.length);
      }
      draining = false;
    };
    const handle = async (report: Report): Promise<void> => {
      if (report.type === 'tape') {
        const context = contexts.get(modelKey(report.request));
        if (context === undefined) throw new Error(`no context for ${report.request.requestId}`);
        const bytes = report.tape.body.byteLength;
        const taken = await takeIn(report.request, report.tape, context);
        await options.onTaken(taken, report.request);
        progress.ended(taken.record);
        acknowledge(thread, report.request, taken, bytes);
      } else if (report.type === 'unsent') {
        options.onUnsent(report.request, report.reason);
        progress.unsent(report.request);
      } else if (report.type === 'refused') {
        options.onRefused(report);
      }
    };
    thread
      .begin(
        jobOf(options, modelKeys, inFlight),
        (report) => {
          queue.push(report);
          if (!draining) drain().catch(reject);
        },
        reject,
      )
      .catch(reject);
  });
  return {
    progress,
    finished,
    stop: (reason) => thread.tell({ type: 'stop', reason, abort: true }),
    conclude: (reason) => thread.tell({ type: 'stop', reason, abort: false }),
    skip: ({ target, model }) => thread.tell({ type: 'skip', target, model }),
    settle: (requestIds) => thread.tell({ type: 'settle', requestIds }),
  };
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
    outputTokens: record.output_tokens ?? 0,
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
  inFlight: SharedArrayBuffer,
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
    inFlight,
    modelKeys,
  };
}

function measuredTarget(
  target: Target,
  authorities: ReadonlyMap<string, string>,
): MeasureJob['targets'][number] {
  const { models: _models, caFile: _caFile, simulated: _simulated, ...measured } = target;
  return { ...measured, ca: authorities.get(target.name) };
}
