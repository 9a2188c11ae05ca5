import pLimit, { type LimitFunction } from 'p-limit';
import { messageOf } from '../errors.ts';
import { Budget } from '../load/budget.ts';
import { Asking } from './asking.ts';
import { JudgeEndpoint } from './endpoint.ts';
import type { JudgeOptions } from './options.ts';
import type { JudgeCall, JudgeModel } from './types.ts';

/** A judge's reply has to have room for reasoning; a verdict is to be the same tomorrow. */
const DEFAULT_PARAMETERS = { max_tokens: 2048, temperature: 0 };

/** The judges of a run, each reached when it is first needed; slots and money are shared by all. */
export class Askings {
  readonly #options: JudgeOptions;
  readonly #onCall: (call: JudgeCall) => void;
  readonly #limit: LimitFunction;
  readonly #budget: Budget;
  readonly #askings = new Map<string, Promise<Asking | { problem: string }>>();
  readonly #endpoints: JudgeEndpoint[] = [];

  constructor(options: JudgeOptions, onCall: (call: JudgeCall) => void) {
    const { concurrency, maxCostUsd } = options.settings;
    this.#options = options;
    this.#onCall = onCall;
    this.#limit = pLimit(concurrency);
    this.#budget = new Budget({ costUsd: maxCostUsd, outputTokens: null });
  }

  /** @param name TARGET/MODEL */
  of(name: string): Promise<Asking | { problem: string }> {
    let asking = this.#askings.get(name);
    if (asking === undefined) {
      const judge = this.#options.lookup(name);
      asking =
        'problem' in judge
          ? Promise.resolve(judge)
          : this.#open(judge).catch((error: unknown) => ({
              problem: `the judge cannot be reached: ${messageOf(error)}`,
            }));
      this.#askings.set(name, asking);
    }
    return asking;
  }

  async close(): Promise<void> {
    await Promise.all(this.#endpoints.map((endpoint) => endpoint.close()));
  }

  async #open(judge: JudgeModel): Promise<Asking> {
    const { settings, requestLimits, open, redactor, draw = Math.random } = this.#options;
    const { timeoutMs: totalMs, retries } = settings;
    const limits = {
      ...requestLimits,
      ...{ totalMs, firstTokenMs: totalMs, stallMs: Math.min(requestLimits.stallMs, totalMs) },
    };
    const parameters = { ...DEFAULT_PARAMETERS, ...judge.model.parameters, ...settings.parameters };
    const sender = await open(judge.target, limits);
    const endpoint = new JudgeEndpoint(judge, parameters, sender, redactor);
    this.#endpoints.push(endpoint);
    return new Asking({
      ...{ endpoint, retries, limit: this.#limit, budget: this.#budget, draw },
      keepsBudget: settings.maxCostUsd !== null,
      onCall: this.#onCall,
    });
  }
}
