import { messageOf } from '../errors.ts';
import { hashOf } from '../plan/hash.ts';
import { endOf, type Reply } from './asking.ts';
import { Askings } from './askings.ts';
import type { OneVerdict, Opinion } from './finding.ts';
import type { JudgeOptions } from './options.ts';
import { type JudgedText, judgePrompt, reminder } from './prompt.ts';
import type { Scale } from './scale.ts';
import type { JudgeCall, OptionOrder } from './types.ts';
import { verdictHash } from './verdict-hash.ts';

/** One text to be judged in one order of the options. */
export interface OneOrder {
  /** TARGET/MODEL. */
  judge: string;
  text: JudgedText;
  scale: Scale;
  order: OptionOrder;
  requestId: string | null;
}

/** Verdicts by text and order: those known from earlier, those on their way, and those still to be asked for. */
export class Opinions {
  readonly #options: JudgeOptions;
  readonly #askings: Askings;
  readonly #known = new Map<string, JudgeCall>();
  readonly #asked = new Map<string, Promise<Opinion>>();
  #failure: unknown = null;

  constructor(options: JudgeOptions, onCall: (call: JudgeCall) => void) {
    this.#options = options;
    this.#askings = new Askings(options, (call) => {
      onCall(call);
      options.journal?.append(options.keepText ? call : { ...call, reply: null });
    });
    for (const call of options.known ?? []) {
      if (call.verdict !== null) this.#known.set(keyOf(call.verdict_hash, call.order), call);
    }
  }

  /** Never rejects. The same text in the same order is judged once, however often it was answered. */
  of(one: OneOrder, signal: AbortSignal): Promise<Opinion> {
    const hash = verdictHash(one.judge, one.text, one.scale);
    const key = keyOf(hash, one.order);
    const known = this.#known.get(key);
    if (known !== undefined) return Promise.resolve(opinionOfCall(known));
    const pending = this.#asked.get(key);
    if (pending !== undefined) return pending.then(asReused);
    const asked = this.#ask(one, hash, signal).catch((error: unknown): Opinion => {
      this.#failure ??= error;
      return { kind: 'unanswered', reason: `the judge could not be asked: ${messageOf(error)}` };
    });
    this.#asked.set(key, asked);
    return asked;
  }

  /** @throws what the journal threw */
  async close(): Promise<void> {
    await this.#askings.close();
    if (this.#failure !== null) throw this.#failure;
  }

  async #ask(one: OneOrder, hash: string, signal: AbortSignal): Promise<Opinion> {
    const { unasked, seed } = this.#options;
    const { text, scale, order } = one;
    if (unasked !== undefined) return { kind: 'unanswered', reason: `needs the judge: ${unasked}` };
    const asking = await this.#askings.of(one.judge);
    if ('problem' in asking) return { kind: 'unanswered', reason: asking.problem };
    const messages = judgePrompt(text, scale, order, seed);
    const about = {
      ...{ request_id: one.requestId, rubric_hash: hashOf(text.rubric), verdict_hash: hash },
      ...{ order, scale },
    };
    const first = await asking.ask({ ...about, asked: 1, messages }, signal);
    if ('reason' in first) return { kind: 'unanswered', ...first };
    if (first.verdict !== null)
      return { ...first.verdict, reply: endOf(first.text), reused: false };
    messages.push({ role: 'assistant', content: first.text });
    messages.push({ role: 'user', content: reminder(scale, order) });
    const again = await asking.ask({ ...about, asked: 2, messages }, signal);
    if ('reason' in again) return { kind: 'unanswered', ...again };
    if (again.verdict !== null)
      return { ...again.verdict, reply: endOf(again.text), reused: false };
    return { kind: 'unreadable', reason: unreadable(again) };
  }
}

function unreadable({ finishReason }: Reply): string {
  return finishReason === 'length'
    ? 'the judge came to no verdict before its max_tokens'
    : "the judge's verdict cannot be read";
}

function keyOf(hash: string, order: OptionOrder): string {
  return `${hash}/${order}`;
}

function asReused(opinion: Opinion): Opinion {
  return 'reason' in opinion ? opinion : { ...opinion, reused: true };
}

function opinionOfCall({ letter, verdict, reply }: JudgeCall): OneVerdict {
  return { letter: letter ?? '', score: verdict ?? 0, reply: reply ?? '', reused: true };
}
