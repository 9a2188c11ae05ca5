import type { Random } from '../../random.ts';
import type { Expectation } from '../types.ts';

/** A case as a family draws it; ids, parameters and common tags are the suite's business. */
export interface GeneratedCase {
  prompt: string;
  expect: Expectation[];
  tags?: string[];
  /** A right answer, and a wrong one, where they do not follow from `expect`. */
  reference?: string;
  wrong?: string;
}

/** A kind of question whose answers are computed, not looked up. */
export interface Family {
  name: string;
  description: string;
  /** Of its prompts; English where not given. */
  language?: 'ja' | 'vi';
  /** What the answer is, where it is no line of its own. */
  answer?: 'plan';
  /** True where prompts have the length asked for. */
  long?: true;
  /**
   * Draws one question.
   * @param random source of everything that varies: the same one gives the same question
   * @param difficulty 1 (one or two steps) to 5 (as hard as the family gets)
   * @param lengthTokens wanted length of the prompt, at 4 characters a token; for `long` families
   */
  generate(random: Random, difficulty: number, lengthTokens: number): GeneratedCase;
}

/** The element at an index that is known to be there. */
export function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no element ${index} of ${items.length}`);
  return item;
}

/** The entry for a difficulty; the last one serves all above it. */
export function forLevel<T>(levels: readonly T[], difficulty: number): T {
  return at(levels, Math.min(difficulty, levels.length) - 1);
}

/** Draws until a draw suits; families use it to get whole numbers and unique solutions. */
export function drawUntil<T>(draw: () => T | undefined): T {
  for (let attempt = 0; attempt < 100_000; attempt++) {
    const drawn = draw();
    if (drawn !== undefined) return drawn;
  }
  throw new Error('a family never drew what it needs: its conditions are too narrow');
}
