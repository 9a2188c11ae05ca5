import { setTimeout as sleep } from 'node:timers/promises';
import type { LimitFunction } from 'p-limit';
import { excerpt } from '../decode/excerpt.ts';
import type { Budget } from '../load/budget.ts';
import { estimateUpper } from '../plan/estimate.ts';
import type { ChatMessage } from '../suite/types.ts';
import { type Attempt, isBegun, type JudgeEndpoint } from './endpoint.ts';
import { mayPass, waitMsBefore, willLast } from './retry.ts';
import type { Scale } from './scale.ts';
import type { JudgeCall } from './types.ts';
import { readVerdict, type Verdict } from './verdict.ts';

const FAILURE_LENGTH_MAX = 300;
/** The end of a reply is what the verdict rests on. */
const REPLY_LENGTH_MAX = 1000;
/** Questions in a row that a judge leaves unanswered, retries and all, before it is asked no more. */
const UNANSWERED_MAX = 5;

/** Why there is no reply, as the reason of an ungraded answer. */
export interface NoReply {
  reason: string;
}

export type Reply = { text: string; verdict: Verdict | null; finishReason: string | null };

/** What one question to a judge is about, for its lines in the journal. */
export interface Question
  extends Pick<JudgeCall, 'request_id' | 'rubric_hash' | 'verdict_hash' | 'order' | 'asked'> {
  scale: Scale;
  messages: ChatMessage[];
}

export interface AskingOptions {
  endpoint: JudgeEndpoint;
  retries: number;
  /** Shared by all judges of a run. */
  limit: LimitFunction;
  budget: Budget;
  /** Whether a limit of cost has to be kept: then nothing is sent whose cost cannot be bounded. */
  keepsBudget: boolean;
  /** Told of each attempt as it ends. */
  onCall: (call: JudgeCall) => void;
  /** Uniform in [0, 1). */
  draw: () => number;
}

/** Asks one judge: bounded in number and money, tried again where that may help, given up where not. */
export class Asking {
  readonly #options: AskingOptions;
  /** Why it is asked no more. */
  #closed: string | null = null;
  #unansweredInRow = 0;
  #reservations = 0;

  constructor(options: AskingOptions) {
    this.#options = options;
  }

  /** Never rejects, but where the journal cannot be written. */
  ask(question: Question, signal: AbortSignal): Promise<Reply | NoReply> {
    return this.#options.limit(() => this.#askInSlot(question, signal));
  }

  async #askInSlot(question: Question, signal: AbortSignal): Promise<Reply | NoReply> {
    for (let attempt = 1; ; attempt++) {
      if (signal.aborted) return { reason: 'the run was stopped before the judge answered' };
      if (this.#closed !== null) return { reason: this.#closed };
      const sent = await this.#send(question, signal);
      if ('reason' in sent) return sent;
      const call = callOf(question, attempt, sent, this.#options.endpoint);
      this.#options.onCall(call);
      const { outcome } = sent;
      if (outcome.class === 'ok') {
        this.#unansweredInRow = 0;
        const { text, finishReason } = sent;
        return { text, finishReason, verdict: verdictIn(sent, question) };
      }
      if (signal.aborted) return { reason: 'the run was stopped before the judge answered' };
      if (!mayPass(outcome.class) || attempt > this.#options.retries) {
        return this.#giveUp(call.failure ?? outcome.class, willLast(outcome.class));
      }
      const waitMs = waitMsBefore(attempt, sent.headers, Date.now(), this.#options.draw());
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #giveUp(failure: string, forGood: boolean): NoReply {
    this.#unansweredInRow += 1;
    const reason = `the judge did not answer: ${failure}`;
    if (forGood || this.#unansweredInRow >= UNANSWERED_MAX) this.#closed = reason;
    return { reason };
  }

  async #send(question: Question, signal: AbortSignal): Promise<Attempt | NoReply> {
    const { endpoint, budget, keepsBudget } = this.#options;
    const { model, name } = endpoint.judge;
    const upper = estimateUpper(question.messages, 0, endpoint.parameters, model);
    if (keepsBudget && upper.costUpperUsd === null) {
      const lacks = model.price === null ? 'a price' : 'max_tokens';
      return {
        reason: `the judge was not asked: ${name} lacks ${lacks}, so that a limit of cost cannot be kept`,
      };
    }
    const reservation = `${name}/${++this.#reservations}`;
    if ((await budget.reserve(reservation, upper)) !== null) {
      return { reason: 'the judge was not asked: its limit of cost is reached' };
    }
    const sent = await endpoint.send(question.messages, signal);
    // What was begun and not counted by the server may be billed all the same.
    const mostUsd = isBegun(sent.httpStatus) ? upper.costUpperUsd : null;
    const spentUsd = sent.costUsd ?? mostUsd ?? 0;
    budget.settle(reservation, spentUsd, sent.outputTokens ?? 0);
    return sent;
  }
}

/** What is kept of a reply. */
export function endOf(reply: string): string {
  return reply.slice(-REPLY_LENGTH_MAX).replace(/^\p{Cs}/u, '');
}

function verdictIn(sent: Attempt, { scale, order }: Question): Verdict | null {
  // What was cut off may end in the middle of weighing one option against the other.
  return sent.finishReason === 'length' ? null : readVerdict(sent.text, scale, order);
}

function callOf(
  question: Question,
  attempt: number,
  sent: Attempt,
  { judge }: JudgeEndpoint,
): JudgeCall {
  const { request_id, rubric_hash, verdict_hash, order, asked } = question;
  const { outcome } = sent;
  const isOk = outcome.class === 'ok';
  const verdict = isOk ? verdictIn(sent, question) : null;
  return {
    ...{ request_id, judge: judge.name, rubric_hash, verdict_hash, order, asked, attempt },
    outcome: outcome.class,
    http_status: sent.httpStatus,
    failure: isOk ? null : excerpt(outcome.message ?? outcome.class, FAILURE_LENGTH_MAX),
    verdict: verdict?.score ?? null,
    letter: verdict?.letter ?? null,
    reply: sent.text === '' ? null : endOf(sent.text),
    finish_reason: sent.finishReason,
    prompt_tokens: sent.promptTokens,
    output_tokens: sent.outputTokens,
    cost_usd: sent.costUsd,
    started_at: sent.startedAt.toISOString(),
    ms: sent.ms,
  };
}
