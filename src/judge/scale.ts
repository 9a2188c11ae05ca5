import type { Expectation } from '../suite/types.ts';
import type { OptionOrder } from './types.ts';

/** What a judge chooses from, the best option first; each with the score it stands for, 1 to 0. */
export type Scale = readonly { says: string; score: number }[];

const MEETS_OR_NOT: Scale = [
  { says: 'The answer meets the rubric.', score: 1 },
  { says: 'The answer does not meet the rubric.', score: 0 },
];

const FIVE_STEPS: Scale = [
  { says: 'The answer meets the rubric in full.', score: 1 },
  { says: 'The answer meets the rubric but for small things.', score: 0.75 },
  { says: 'The answer meets about half of the rubric.', score: 0.5 },
  { says: 'The answer meets little of the rubric.', score: 0.25 },
  { says: 'The answer does not meet the rubric at all.', score: 0 },
];

/** Five steps where a threshold says how many of them are enough; else it meets the rubric or not. */
export function scaleOf({ threshold }: Expectation): Scale {
  return threshold === undefined ? MEETS_OR_NOT : FIVE_STEPS;
}

/** How far the scores in both orders may lie apart: not at all of two options, one step of five. */
export function toleranceOf(scale: Scale): number {
  return scale.length === 2 ? 0 : 1 / (scale.length - 1);
}

/** The options as they are shown, each under its letter. */
export function lettered(
  scale: Scale,
  order: OptionOrder,
): { letter: string; says: string; score: number }[] {
  const shown = order === 'best_first' ? [...scale] : [...scale].reverse();
  return shown.map((option, index) => ({ letter: 'ABCDE'.charAt(index), ...option }));
}
