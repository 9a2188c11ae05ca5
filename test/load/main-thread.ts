import type { Tape } from '../../src/capture/tape.ts';
import { outcomeOf } from '../../src/decode/outcome.ts';
import { decodeTape } from '../../src/decode/reply.ts';
import type { OutcomeClass } from '../../src/decode/types.ts';
import type { Command, MeasureJob, Report, UnsentReason } from '../../src/load/protocol.ts';
import type { ThreadReport } from '../../src/load/thread-watch.ts';
import type { PlannedRequest } from '../../src/plan/types.ts';

export interface Taken {
  request: PlannedRequest;
  tape: Tape;
  outcome: OutcomeClass;
  answer: string;
}

/** The main thread's part: takes tapes, acknowledges them, goes on with conversations. */
export class MainThread {
  readonly taken: Taken[] = [];
  readonly unsent: [string, UnsentReason][] = [];
  readonly refused: string[] = [];
  finished = false;
  backlogPauses = 0;
  thread: ThreadReport | null = null;
  /** What a request is said to have come to. */
  costUsd = 0;
  outputTokens = 0;
  tell: (command: Exclude<Command, { type: 'job' }>) => void = () => {};
  /** Called after each tape. */
  onTaken: (taken: Taken) => void = () => {};

  readonly take = (report: Report): void => {
    switch (report.type) {
      case 'tape':
        return this.#takeTape(report.request, report.tape);
      case 'unsent':
        this.unsent.push([report.request.requestId, report.reason]);
        return;
      case 'refused':
        this.refused.push(report.model);
        return;
      case 'finished':
        this.finished = true;
        this.backlogPauses = report.backlogPauses;
        this.thread = report.thread;
    }
  };

  #takeTape(request: PlannedRequest, tape: Tape): void {
    const reply = decodeTape(tape, 'openai');
    const outcome = outcomeOf(tape, reply).class;
    const taken = { request, tape, outcome, answer: reply.answerText };
    this.taken.push(taken);
    const { requestId } = request;
    // Like a thread of its own, it answers later.
    setImmediate(() => {
      const { costUsd, outputTokens } = this;
      this.tell({ type: 'taken', requestId, bytes: tape.body.length, costUsd, outputTokens });
      if (request.turn < request.turnCount - 1) {
        this.tell({ type: 'turn', requestId, answer: outcome === 'ok' ? reply.answerText : null });
      }
      this.onTaken(taken);
    });
  }
}

/** A job for one target, with limits that no test reaches by chance. */
export function jobOf(
  baseUrl: string,
  requests: PlannedRequest[],
  parts: Partial<MeasureJob> = {},
): MeasureJob {
  const modelKeys = [...new Set(requests.map(({ target, model }) => `${target}\n${model}`))];
  return {
    runOriginNs: String(process.hrtime.bigint()),
    targets: [
      {
        name: 'market',
        baseUrl,
        path: '/chat/completions',
        apiKey: 'sk-test',
        headers: {},
        protocol: 'http/1.1',
        dialect: 'openai',
        ca: undefined,
      },
    ],
    requests,
    order: 'parallel',
    concurrency: 4,
    requestLimits: {
      connectMs: 3000,
      firstTokenMs: 5000,
      stallMs: 5000,
      totalMs: 10_000,
      bodyBytes: 1_000_000,
      eventBytes: 100_000,
      events: 10_000,
      headerBytes: 65_536,
    },
    runLimits: { durationMs: null, requests: null, outputTokens: null, costUsd: null },
    cycle: false,
    lateMs: 2,
    inFlight: new SharedArrayBuffer(4 * modelKeys.length),
    sent: new SharedArrayBuffer(4 * modelKeys.length),
    modelKeys,
    ...parts,
  };
}
