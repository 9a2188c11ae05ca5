import { excerpt } from '../decode/excerpt.ts';
import { type Scale, toleranceOf } from './scale.ts';

const SAYS_LENGTH_MAX = 240;

/** Why there is no verdict. */
export interface NoVerdict {
  kind: 'unanswered' | 'unreadable' | 'contradiction';
  reason: string;
}

/** A verdict in one order of the options. */
export interface OneVerdict {
  letter: string;
  score: number;
  /** The judge's words. */
  says: string;
  /** Taken from an earlier call. */
  reused: boolean;
}

export type Opinion = OneVerdict | NoVerdict;

/** What the judge said in both orders, taken together. */
export type Finding =
  | { score: number; says: string; reused: boolean }
  | NoVerdict
  | (NoVerdict & { kind: 'contradiction'; upperBoth: boolean });

/** One finding of two verdicts: their mean, or a contradiction where they lie apart. */
export function merge(bestFirst: OneVerdict, worstFirst: OneVerdict, scale: Scale): Finding {
  if (Math.abs(bestFirst.score - worstFirst.score) > toleranceOf(scale)) {
    return {
      kind: 'contradiction',
      reason: 'the judge contradicts itself when its options are swapped',
      // Of options in a row, the upper ones have the higher score in one order and the lower in the other.
      upperBoth: bestFirst.score > worstFirst.score,
    };
  }
  return {
    score: (bestFirst.score + worstFirst.score) / 2,
    says: excerpt(withoutVerdict(bestFirst.says), SAYS_LENGTH_MAX),
    reused: bestFirst.reused && worstFirst.reused,
  };
}

/** The reasoning alone, where there is some; else the verdict itself. */
function withoutVerdict(reply: string): string {
  const lines = reply.trim().split('\n');
  const reasoning = lines.slice(0, -1).join('\n').trim();
  return reasoning === '' ? (lines[0] ?? '') : reasoning;
}
