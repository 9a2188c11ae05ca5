import { foldLine } from '../decode/excerpt.ts';
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
  /** The end of the judge's reply. */
  reply: string;
  /** Taken from an earlier call. */
  reused: boolean;
}

export type Opinion = OneVerdict | NoVerdict;

/** What the judge said in both orders, taken together. */
export type Finding =
  /** `says`: what decided it, in the judge's words; may be empty. */
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
    says: conclusionOf(bestFirst.reply),
    reused: bestFirst.reused && worstFirst.reused,
  };
}

/** The end of the reasoning, where its conclusion stands; empty where there is none. */
function conclusionOf(reply: string): string {
  const lines = reply.trim().split('\n');
  const reasoning = foldLine(lines.slice(0, -1).join('\n').trim(), reply.length).trim();
  if (reasoning.length <= SAYS_LENGTH_MAX) return reasoning;
  const end = reasoning.slice(1 - SAYS_LENGTH_MAX);
  return `…${end.slice(end.indexOf(' ') + 1)}`;
}
