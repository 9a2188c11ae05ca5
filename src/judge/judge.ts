import type { Answered, DeferredGrader, Judgement } from '../score/types.ts';
import type { Redactor } from '../secrets.ts';
import { withoutNonce } from '../suite/nonce.ts';
import type { ChatMessage, Expectation } from '../suite/types.ts';
import { type Example, examplesOf, textOf } from './examples.ts';
import { type Finding, merge } from './finding.ts';
import { Opinions } from './opinions.ts';
import type { JudgeOptions } from './options.ts';
import type { JudgedText } from './prompt.ts';
import { scaleOf } from './scale.ts';
import { JudgeTally } from './tally.ts';
import type { JudgeReport } from './types.ts';
import { verdictHash } from './verdict-hash.ts';

/**
 * Grades by asking a model, each answer twice, with the options in either order: a verdict is what both
 * say. Labelled examples of an expectation are judged along with the first answer that needs them.
 */
export class Judge implements DeferredGrader {
  /** TARGET/MODEL of expectations that name none. */
  readonly #standing: string | null;
  readonly #redactor: Redactor;
  readonly #tally = new JudgeTally();
  readonly #opinions: Opinions;
  /** By what their verdicts rest on. */
  readonly #examples = new Map<string, Promise<void>>();

  constructor(options: JudgeOptions) {
    this.#standing = options.settings.model;
    this.#redactor = options.redactor;
    if (options.countsKnown === true) {
      for (const call of options.known ?? []) this.#tally.addCall(call);
    }
    this.#opinions = new Opinions(options, (call) => this.#tally.addCall(call));
  }

  async grade(
    answered: Answered,
    expectation: Expectation,
    signal: AbortSignal,
  ): Promise<Judgement> {
    const judge = typeof expectation.judge === 'string' ? expectation.judge : this.#standing;
    if (judge === null) return ungraded('no judge is named: give one with --judge TARGET/MODEL');
    const question = questionOf(answered, this.#redactor);
    for (const example of examplesOf(expectation, question)) {
      this.#judgeExample(judge, example, expectation, signal);
    }
    if (answered.finishReason === 'length') return ungraded('cut off');
    const text = {
      ...{
        rubric: String(expectation.value ?? ''),
        question,
        answer: this.#redactor.text(answerOf(answered)),
      },
      reference: answered.reference,
    };
    const requestId = answered.requestId ?? null;
    const finding = await this.#find(judge, text, expectation, requestId, signal);
    this.#tally.addFinding(finding);
    return judgementOf(finding, expectation);
  }

  /**
   * Waits for the labelled examples and lets go of the connections.
   * @throws what the journal threw
   */
  async close(): Promise<void> {
    await Promise.all(this.#examples.values());
    await this.#opinions.close();
  }

  /** How judging went; whole once the judge is closed. */
  report(): JudgeReport {
    return this.#tally.report();
  }

  #judgeExample(
    judge: string,
    example: Example,
    expectation: Expectation,
    signal: AbortSignal,
  ): void {
    const text = textOf(example, expectation);
    const key = verdictHash(judge, text, scaleOf(expectation));
    if (this.#examples.has(key)) return;
    const judged = this.#find(judge, text, expectation, null, signal).then((finding) => {
      const { mark } = judgementOf(finding, expectation);
      this.#tally.addExample({ judge, rubric: text.rubric, right: example.right, mark }, finding);
    });
    this.#examples.set(key, judged);
  }

  async #find(
    judge: string,
    text: JudgedText,
    expectation: Expectation,
    requestId: string | null,
    signal: AbortSignal,
  ): Promise<Finding> {
    const scale = scaleOf(expectation);
    const about = { judge, text, scale, requestId };
    const first = await this.#opinions.of({ ...about, order: 'best_first' }, signal);
    // Without the one verdict, the other is not worth its price.
    if ('reason' in first) return first;
    const second = await this.#opinions.of({ ...about, order: 'worst_first' }, signal);
    return 'reason' in second ? second : merge(first, second, scale);
  }
}

/** The nonce is of one request, and no part of what was asked; earlier answers may repeat a key. */
function questionOf({ messages }: Answered, redactor: Redactor): ChatMessage[] {
  return messages.map(({ role, content }, index) => ({
    role,
    content: redactor.text(index === 0 ? withoutNonce(content) : content),
  }));
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
  const reason = says === '' ? 'does not meet the rubric' : `the judge says: ${says}`;
  return { mark: 'wrong', score, answer: null, reason };
}

function ungraded(reason: string): Judgement {
  return { mark: 'ungraded', score: null, answer: null, reason };
}
