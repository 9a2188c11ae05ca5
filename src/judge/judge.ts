import pLimit, { type LimitFunction } from 'p-limit';
import type { Sender } from '../capture/sender.ts';
import type { RequestLimits, Target } from '../config/types.ts';
import { messageOf } from '../errors.ts';
import { Budget } from '../load/budget.ts';
import { hashOf } from '../plan/hash.ts';
import type { Answered, DeferredGrader, Judgement } from '../score/types.ts';
import { withoutNonce } from '../suite/nonce.ts';
import type { Expectation } from '../suite/types.ts';
import { Asking } from './asking.ts';
import { JudgeEndpoint } from './endpoint.ts';
import { type Example, examplesOf, ofExample } from './examples.ts';
import { type Finding, merge, type Opinion } from './finding.ts';
import { type JudgedText, judgePrompt, PROMPT_VERSION, reminder } from './prompt.ts';
import { type Scale, scaleOf } from './scale.ts';
import { JudgeTally } from './tally.ts';
import type {
  JudgeCall,
  JudgeLookup,
  JudgeModel,
  JudgeReport,
  JudgeSettings,
  OptionOrder,
} from './types.ts';

/** A judge's reply has to have room for reasoning; a verdict is to be the same tomorrow. */
const DEFAULT_PARAMETERS = { max_tokens: 2048, temperature: 0 };

export interface JudgeOptions {
  settings: JudgeSettings;
  lookup: JudgeLookup;
  /** Opens a connection of its own to a target; never while anything is measured. */
  open: (target: Target, limits: RequestLimits) => Promise<Sender>;
  /** Limits of a reply; its total time is that of the settings. */
  requestLimits: RequestLimits;
  /** The run's seed. */
  seed: string;
  /** Where calls are written as they end; `null` where none are made. */
  journal: { append(call: JudgeCall): void } | null;
  /** Calls of earlier gradings of the run: their verdicts are taken before anybody is asked. */
  known?: Iterable<JudgeCall>;
  /** Why nobody may be asked now, as «run …»; absent where requests may be sent. */
  unasked?: string;
  /** Uniform in [0, 1), for the waits between retries. */
  draw?: () => number;
}

/**
 * Grades by asking a model, each answer twice, with the options in either order: a verdict is what both
 * say. Labelled examples of an expectation are judged along with the first answer that needs them.
 */
export class Judge implements DeferredGrader {
  readonly #options: JudgeOptions;
  readonly #limit: LimitFunction;
  readonly #budget: Budget;
  readonly #askings = new Map<string, Promise<Asking | { problem: string }>>();
  readonly #endpoints: JudgeEndpoint[] = [];
  /** By hash and order: verdicts known, and those on their way. */
  readonly #opinions = new Map<string, Promise<Opinion>>();
  readonly #known = new Map<string, JudgeCall>();
  readonly #examples = new Map<string, Promise<void>>();
  readonly #tally = new JudgeTally();
  #failure: unknown = null;

  constructor(options: JudgeOptions) {
    this.#options = options;
    this.#limit = pLimit(options.settings.concurrency);
    this.#budget = new Budget({ costUsd: options.settings.maxCostUsd, outputTokens: null });
    for (const call of options.known ?? []) {
      if (call.verdict !== null) this.#known.set(keyOf(call.verdict_hash, call.order), call);
    }
  }

  async grade(
    answered: Answered,
    expectation: Expectation,
    signal: AbortSignal,
  ): Promise<Judgement> {
    const judge = this.#judgeOf(expectation);
    if (judge === null) return ungraded('no judge is named: give one with --judge TARGET/MODEL');
    const question = answered.messages.map(({ role, content }, index) => ({
      role,
      content: index === 0 ? withoutNonce(content) : content,
    }));
    for (const example of examplesOf(expectation, question)) {
      this.#judgeExample(judge, example, expectation, signal);
    }
    if (answered.finishReason === 'length') return ungraded('cut off');
    const text = {
      rubric: String(expectation.value ?? ''),
      question,
      answer: answerOf(answered),
      reference: answered.reference,
    };
    const requestId = answered.requestId ?? null;
    const finding = await this.#findingOf(judge, text, expectation, requestId, signal);
    this.#tally.addFinding(finding);
    return judgementOf(finding, expectation);
  }

  /**
   * Waits for the labelled examples and lets go of the connections.
   * @throws what the journal threw
   */
  async close(): Promise<void> {
    await Promise.all(this.#examples.values());
    await Promise.all(this.#endpoints.map((endpoint) => endpoint.close()));
    if (this.#failure !== null) throw this.#failure;
  }

  /** To be asked for after `close`. */
  report(): JudgeReport {
    return this.#tally.report();
  }

  /** TARGET/MODEL. */
  #judgeOf({ judge }: Expectation): string | null {
    return typeof judge === 'string' ? judge : this.#options.settings.model;
  }

  #judgeExample(
    judge: string,
    example: Example,
    expectation: Expectation,
    signal: AbortSignal,
  ): void {
    const text = ofExample(example, expectation);
    const key = verdictHash(judge, text, scaleOf(expectation));
    if (this.#examples.has(key)) return;
    const judged = this.#findingOf(judge, text, expectation, null, signal).then((finding) => {
      const judgement = judgementOf(finding, expectation);
      this.#tally.addExample(judge, text.rubric, example.right, judgement.mark, finding);
    });
    this.#examples.set(key, judged);
  }

  async #findingOf(
    judge: string,
    text: JudgedText,
    expectation: Expectation,
    requestId: string | null,
    signal: AbortSignal,
  ): Promise<Finding> {
    const scale = scaleOf(expectation);
    const first = await this.#opinion(judge, text, scale, 'best_first', requestId, signal);
    // Without the one verdict, the other is not worth its price.
    if ('reason' in first) return first;
    const second = await this.#opinion(judge, text, scale, 'worst_first', requestId, signal);
    return 'reason' in second ? second : merge(first, second, scale);
  }

  /** The same text in the same order is judged once, however often it was answered. */
  #opinion(
    judge: string,
    text: JudgedText,
    scale: Scale,
    order: OptionOrder,
    requestId: string | null,
    signal: AbortSignal,
  ): Promise<Opinion> {
    const hash = verdictHash(judge, text, scale);
    const key = keyOf(hash, order);
    const known = this.#known.get(key);
    if (known !== undefined) return Promise.resolve(opinionOfCall(known));
    const pending = this.#opinions.get(key);
    if (pending !== undefined) {
      return pending.then((opinion) =>
        'reason' in opinion ? opinion : { ...opinion, reused: true },
      );
    }
    const asked = this.#ask(judge, text, scale, { order, hash, requestId }, signal).catch(
      (error: unknown): Opinion => {
        this.#failure ??= error;
        return { kind: 'unanswered', reason: `the judge could not be asked: ${messageOf(error)}` };
      },
    );
    this.#opinions.set(key, asked);
    return asked;
  }

  async #ask(
    judge: string,
    text: JudgedText,
    scale: Scale,
    { order, hash, requestId }: { order: OptionOrder; hash: string; requestId: string | null },
    signal: AbortSignal,
  ): Promise<Opinion> {
    const { unasked, seed } = this.#options;
    if (unasked !== undefined) return { kind: 'unanswered', reason: `needs the judge: ${unasked}` };
    const asking = await this.#asking(judge);
    if ('problem' in asking) return { kind: 'unanswered', reason: asking.problem };
    const messages = judgePrompt(text, scale, order, seed);
    const about = {
      ...{ request_id: requestId, rubric_hash: hashOf(text.rubric), verdict_hash: hash },
      ...{ order, scale },
    };
    const reply = await asking.ask({ ...about, asked: 1, messages }, signal);
    if ('reason' in reply) return { kind: 'unanswered', ...reply };
    if (reply.verdict !== null) return { ...reply.verdict, says: reply.text, reused: false };
    const again = await asking.ask(
      {
        ...{ ...about, asked: 2 },
        messages: [
          ...messages,
          { role: 'assistant', content: reply.text },
          { role: 'user', content: reminder(scale, order) },
        ],
      },
      signal,
    );
    if ('reason' in again) return { kind: 'unanswered', ...again };
    if (again.verdict !== null) return { ...again.verdict, says: reply.text, reused: false };
    const why = again.finishReason === 'length' ? 'its reply was cut off' : 'twice';
    return { kind: 'unreadable', reason: `the judge's verdict cannot be read: ${why}` };
  }

  #asking(name: string): Promise<Asking | { problem: string }> {
    let asking = this.#askings.get(name);
    if (asking === undefined) {
      const judge = this.#options.lookup(name);
      asking =
        'problem' in judge
          ? Promise.resolve(judge)
          : this.#openAsking(judge).catch((error: unknown) => ({
              problem: `the judge cannot be reached: ${messageOf(error)}`,
            }));
      this.#askings.set(name, asking);
    }
    return asking;
  }

  async #openAsking(judge: JudgeModel): Promise<Asking> {
    const { settings, requestLimits, open, draw = Math.random, journal } = this.#options;
    const { timeoutMs: totalMs } = settings;
    const limits = {
      ...requestLimits,
      ...{ totalMs, firstTokenMs: totalMs, stallMs: Math.min(requestLimits.stallMs, totalMs) },
    };
    const parameters = { ...DEFAULT_PARAMETERS, ...judge.model.parameters, ...settings.parameters };
    const sender = await open(judge.target, limits);
    const endpoint = new JudgeEndpoint(judge, parameters, sender);
    this.#endpoints.push(endpoint);
    return new Asking({
      ...{ endpoint, retries: settings.retries, limit: this.#limit, budget: this.#budget, draw },
      keepsBudget: settings.maxCostUsd !== null,
      onCall: (call) => {
        this.#tally.addCall(call);
        journal?.append(call);
      },
    });
  }
}

/** What a verdict rests on; not how the judge samples, which is to make no difference. */
function verdictHash(judge: string, text: JudgedText, scale: Scale): string {
  return hashOf({
    ...{ version: PROMPT_VERSION, judge, scale: scale.map(({ says }) => says) },
    ...{ rubric: text.rubric, answer: text.answer, reference: text.reference },
    question: text.question.map(({ role, content }) => ({ role, content })),
  });
}

function keyOf(hash: string, order: OptionOrder): string {
  return `${hash}/${order}`;
}

function opinionOfCall({ letter, verdict, reply }: JudgeCall): Opinion {
  return { letter: letter ?? '', score: verdict ?? 0, says: reply ?? '', reused: true };
}

/** What a model did is judged as well as what it said. */
function answerOf({ text, toolCalls }: Answered): string {
  const calls = toolCalls.map((call) => `[calls ${call.name} with ${call.arguments}]`);
  return [...(text === '' ? [] : [text]), ...calls].join('\n');
}

function judgementOf(finding: Finding, { threshold }: Expectation): Judgement {
  if ('reason' in finding) return ungraded(finding.reason);
  const { score, says } = finding;
  if (score >= (threshold ?? 1)) return { mark: 'right', score, answer: null, reason: null };
  return { mark: 'wrong', score, answer: null, reason: `the judge says: ${says}` };
}

function ungraded(reason: string): Judgement {
  return { mark: 'ungraded', score: null, answer: null, reason };
}
