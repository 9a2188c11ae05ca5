import type { RequestRecord } from './types.ts';

/** The ok requests of one turn, and the prompt tokens of those that say so. */
export interface TurnCount {
  ok: number;
  prompt: TokenSum;
  cachedPrompt: TokenSum;
}

interface TokenSum {
  requests: number;
  tokens: number;
}

/** Sums over the ok requests of a row by their turn: a handful of numbers for each turn. */
export class TurnCounts {
  /** By turn; a turn of which no reply was ok may be missing. */
  readonly byTurn = new Map<number, TurnCount>();
  #last = 0;

  add({
    turn,
    prompt_tokens,
    cached_prompt_tokens,
  }: Pick<RequestRecord, 'turn' | 'prompt_tokens' | 'cached_prompt_tokens'>): void {
    let count = this.byTurn.get(turn);
    if (count === undefined) {
      count = { ok: 0, prompt: emptySum(), cachedPrompt: emptySum() };
      this.byTurn.set(turn, count);
      this.#last = Math.max(this.#last, turn);
    }
    count.ok++;
    addTo(count.prompt, prompt_tokens);
    addTo(count.cachedPrompt, cached_prompt_tokens);
  }

  /** The last turn that was answered: 0 where no case has more than one. */
  get last(): number {
    return this.#last;
  }
}

function emptySum(): TokenSum {
  return { requests: 0, tokens: 0 };
}

function addTo(sum: TokenSum, tokens: number | null): void {
  if (typeof tokens !== 'number') return;
  sum.requests++;
  sum.tokens += tokens;
}
