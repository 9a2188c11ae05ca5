import type { Recording } from '../capture/recording.ts';
import { Sender } from '../capture/sender.ts';
import type { Tape } from '../capture/tape.ts';
import { dialectOf } from '../decode/dialect.ts';
import { lanesOf } from '../plan/lanes.ts';
import type { PlannedRequest } from '../plan/types.ts';
import { withNonce } from '../suite/nonce.ts';
import type { ChatMessage } from '../suite/types.ts';
import { Backlog } from './backlog.ts';
import { Budget } from './budget.ts';
import { type Lane, runClosedLoop } from './closed-loop.ts';
import type { Conversation } from './conversations.ts';
import { isRefusal, ModelGate } from './model-gate.ts';
import {
  type Command,
  type MeasureJob,
  modelKey,
  type Report,
  type UnsentReason,
} from './protocol.ts';
import { SendQueue } from './send-queue.ts';
import { ThreadWatch } from './thread-watch.ts';

const BACKLOG_CAP_BYTES = 256 * 1024 * 1024;

/**
 * The measuring thread's work: sends what the plan says, when it says so, and hands over each tape.
 * Decoding, grading, progress and disk are the main thread's, which answers with commands.
 */
export class Measurement {
  readonly #job: MeasureJob;
  readonly #report: (report: Report) => void;
  readonly #senders = new Map<string, Sender>();
  readonly #gates = new Map<string, ModelGate>();
  readonly #sendQueue = new SendQueue();
  readonly #backlog = new Backlog(BACKLOG_CAP_BYTES);
  readonly #budget: Budget;
  readonly #active = new Set<Recording>();
  readonly #turns = new Map<string, (answer: string | null) => void>();
  readonly #settled = new Set<string>();
  readonly #inFlight: Int32Array;
  readonly #sent: Int32Array;
  readonly #watch: ThreadWatch;
  #startedAtMs = performance.now();
  #stopped: UnsentReason | null = null;

  constructor(job: MeasureJob, report: (report: Report) => void) {
    this.#job = job;
    this.#report = report;
    this.#inFlight = new Int32Array(job.inFlight);
    this.#sent = new Int32Array(job.sent);
    this.#budget = new Budget(job.runLimits);
    this.#watch = new ThreadWatch(job.lateMs, BigInt(job.runOriginNs));
    for (const target of job.targets) {
      this.#senders.set(
        target.name,
        new Sender({
          target,
          ca: target.ca,
          limits: job.requestLimits,
          carriesToken: dialectOf(target.dialect).carriesToken,
          runOriginNs: BigInt(job.runOriginNs),
        }),
      );
    }
    for (const key of job.modelKeys) this.#gates.set(key, new ModelGate());
  }

  /** Runs the whole plan; resolves when the last tape was handed over. */
  async run(): Promise<void> {
    const lanes = this.#lanes();
    this.#watch.begin();
    const effects = {
      converse: (conversation: Conversation, slotFreeAtMs: number) =>
        this.#converse(conversation, slotFreeAtMs),
      gateOf: (request: PlannedRequest) => this.#gateOf(request),
      obstacle: (request: PlannedRequest) => this.#obstacle(request),
      unsent: (request: PlannedRequest, reason: UnsentReason) =>
        this.#report({ type: 'unsent', request, reason }),
      now: () => performance.now(),
    };
    if (this.#job.order === 'sequential') {
      for (const lane of lanes) {
        // One after another, each model has the whole duration.
        this.#startedAtMs = performance.now();
        await runClosedLoop(lane, effects);
      }
    } else {
      await Promise.all(lanes.map((lane) => runClosedLoop(lane, effects)));
    }
    await Promise.all([...this.#senders.values()].map((sender) => sender.close()));
    const backlogPauses = this.#backlog.pauses;
    this.#report({ type: 'finished', backlogPauses, thread: this.#watch.end() });
  }

  obey(command: Exclude<Command, { type: 'job' }>): void {
    switch (command.type) {
      case 'taken':
        this.#backlog.take(command.bytes);
        this.#budget.settle(command.requestId, command.costUsd, command.outputTokens);
        return;
      case 'turn':
        this.#turns.get(command.requestId)?.(command.answer);
        this.#turns.delete(command.requestId);
        return;
      case 'skip':
        this.#gates.get(modelKey(command))?.close('skipped');
        return;
      case 'settle':
        for (const requestId of command.requestIds) this.#settled.add(requestId);
        return;
      case 'stop':
        this.#stopped ??= command.reason;
        if (command.abort) for (const recording of this.#active) recording.abort('cancelled');
    }
  }

  #lanes(): Lane[] {
    const { requests, order, concurrency, cycle } = this.#job;
    if (order === 'interleaved') return [{ requests, concurrency, cycle }];
    return lanesOf(requests).map((lane) => ({ requests: lane, concurrency, cycle }));
  }

  #gateOf(request: PlannedRequest): ModelGate {
    const gate = this.#gates.get(modelKey(request));
    if (gate === undefined) throw new Error(`no gate for ${modelKey(request)}`);
    return gate;
  }

  #obstacle(request: PlannedRequest): UnsentReason | null {
    if (this.#stopped !== null) return this.#stopped;
    const { closed } = this.#gateOf(request);
    if (closed !== null) return closed;
    const { durationMs } = this.#job.runLimits;
    if (durationMs !== null && performance.now() - this.#startedAtMs >= durationMs)
      return 'duration';
    return this.#settled.has(request.requestId) ? 'decided' : null;
  }

  async #converse({ turns, pass }: Conversation, slotFreeAtMs: number): Promise<void> {
    const history: ChatMessage[] = [];
    let scheduledAtMs = slotFreeAtMs;
    let turnDelayMs: number | null = null;
    for (const [index, request] of turns.entries()) {
      const reason = await this.#admit(request);
      if (reason !== null) return this.#giveUp(turns.slice(index), pass, reason);
      history.push(...request.messages);
      const tape = await this.#send(request, history, scheduledAtMs, turnDelayMs);
      if (index === turns.length - 1) return this.#handOver(request, tape);

      const endedAtMs = performance.now();
      const answered = new Promise<string | null>((resolve) => {
        this.#turns.set(request.requestId, resolve);
      });
      this.#handOver(request, tape);
      const answer = await answered;
      if (answer === null) {
        const isCut = tape.end.how === 'abort' && tape.end.code === 'cancelled';
        const reason = (isCut ? this.#stopped : null) ?? 'conversation';
        return this.#giveUp(turns.slice(index + 1), pass, reason);
      }
      history.push({ role: 'assistant', content: answer });
      scheduledAtMs = performance.now();
      turnDelayMs = scheduledAtMs - endedAtMs;
    }
  }

  /** Waits until the request may be sent; says why if it may not. */
  async #admit(request: PlannedRequest): Promise<UnsentReason | null> {
    await this.#backlog.room();
    const obstacle = this.#obstacle(request);
    if (obstacle !== null) return obstacle;
    const overBudget = await this.#budget.reserve(request.requestId, request);
    if (overBudget !== null) {
      // It may have become needless while it waited, and then says nothing of the budget.
      const needless = this.#obstacle(request);
      if (needless === null) this.#stopped = overBudget;
      return needless ?? overBudget;
    }
    await this.#sendQueue.turn();
    const late = this.#obstacle(request);
    if (late !== null) this.#budget.settle(request.requestId, 0, 0);
    return late;
  }

  #giveUp(requests: PlannedRequest[], pass: number, reason: UnsentReason): void {
    if (pass === 0) {
      for (const request of requests) this.#report({ type: 'unsent', request, reason });
    }
    // Nobody else would decide a gate whose first request was never sent.
    for (const request of requests) this.#gateOf(request).open();
  }

  async #send(
    request: PlannedRequest,
    history: ChatMessage[],
    scheduledAtMs: number,
    turnDelayMs: number | null,
  ): Promise<Tape> {
    const sender = this.#senders.get(request.target);
    if (sender === undefined) throw new Error(`no sender for ${request.target}`);
    const measured = request.phase === 'measure';
    this.#watch.sending(measured);
    const recording = sender.send({
      requestId: request.requestId,
      model: request.model,
      messages: withNonce(history, request.nonce),
      parameters: request.parameters,
      scheduledAtMs,
      turnDelayMs,
    });
    const slot = this.#job.modelKeys.indexOf(modelKey(request));
    this.#active.add(recording);
    Atomics.add(this.#inFlight, slot, 1);
    Atomics.add(this.#sent, slot, 1);
    const gate = this.#gateOf(request);
    void recording.status.then((status) => {
      if (status !== null && status < 400) gate.open();
    });
    const tape = this.#watch.ended(await recording.finished, measured);
    Atomics.sub(this.#inFlight, slot, 1);
    this.#active.delete(recording);
    if (isRefusal(tape.status, tape.body)) {
      gate.close('refused');
      this.#report({ type: 'refused', target: request.target, model: request.model });
    } else {
      gate.open();
    }
    return tape;
  }

  #handOver(request: PlannedRequest, tape: Tape): void {
    this.#backlog.add(tape.body.byteLength);
    this.#report({ type: 'tape', request, tape });
  }
}
