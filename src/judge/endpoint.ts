import type { Sender } from '../capture/sender.ts';
import type { Tape } from '../capture/tape.ts';
import { inflateTape } from '../decode/inflate.ts';
import { outcomeOf } from '../decode/outcome.ts';
import { redactTape } from '../decode/redact-tape.ts';
import { decodeTape } from '../decode/reply.ts';
import type { Outcome } from '../decode/types.ts';
import type { JsonObject } from '../json.ts';
import { costUsd, tokenCounts } from '../metrics/request.ts';
import { createRedactor, type Redactor, secretsOf } from '../secrets.ts';
import type { ChatMessage } from '../suite/types.ts';
import type { JudgeModel } from './types.ts';

/** What came of one attempt at asking a judge. */
export interface Attempt {
  outcome: Outcome;
  httpStatus: number | null;
  headers: Readonly<Record<string, string>>;
  /** What it said, without its thinking; secrets replaced. */
  text: string;
  finishReason: string | null;
  promptTokens: number | null;
  outputTokens: number | null;
  costUsd: number | null;
  startedAt: Date;
  ms: number;
}

/** Whether a reply was begun: then it may be billed, whatever became of it. */
export function isBegun(httpStatus: number | null): boolean {
  return httpStatus !== null && httpStatus < 300;
}

/** A judge's end of the line: one attempt at a time goes out, and comes back decoded. */
export class JudgeEndpoint {
  readonly judge: JudgeModel;
  readonly parameters: JsonObject;
  readonly #sender: Sender;
  /** Of the judge's own key, and of all others. */
  readonly #redactors: readonly Redactor[];
  #sent = 0;

  constructor(judge: JudgeModel, parameters: JsonObject, sender: Sender, others: Redactor) {
    this.judge = judge;
    this.parameters = parameters;
    this.#sender = sender;
    this.#redactors = [createRedactor(secretsOf(judge.target)), others];
  }

  /** Never rejects; an abort ends the attempt as `cancelled`. */
  async send(messages: ChatMessage[], signal: AbortSignal): Promise<Attempt> {
    const startedAt = new Date();
    const recording = this.#sender.send({
      requestId: `judge/${++this.#sent}`,
      model: this.judge.model.name,
      messages,
      parameters: this.parameters,
      scheduledAtMs: performance.now(),
      turnDelayMs: null,
    });
    const cancel = (): void => recording.abort('cancelled');
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel);
    const tape = await recording.finished;
    signal.removeEventListener('abort', cancel);
    return this.#decoded(await inflateTape(tape), startedAt);
  }

  close(): Promise<void> {
    return this.#sender.close();
  }

  #decoded(inflated: Tape, startedAt: Date): Attempt {
    // Before it is cut into messages, which could cut a key in two; and again once the pieces of a stream
    // stand together.
    const tape = this.#redactors.reduce((one, redactor) => redactTape(one, redactor), inflated);
    const reply = decodeTape(tape, this.judge.target.dialect);
    const { class: outcome, message } = outcomeOf(tape, reply);
    const tokens = tokenCounts(reply);
    return {
      outcome: { class: outcome, message: message === null ? null : this.#redacted(message) },
      httpStatus: tape.status,
      headers: tape.headers,
      text: this.#redacted(reply.answerText),
      finishReason: reply.finishReason,
      promptTokens: tokens.prompt ?? null,
      outputTokens: tokens.output ?? null,
      costUsd: costUsd(tokens, this.judge.model.price) ?? null,
      startedAt,
      ms: tape.end.atMs,
    };
  }

  #redacted(text: string): string {
    return this.#redactors.reduce((redacted, redactor) => redactor.text(redacted), text);
  }
}
