import type { Answered, Judgement } from './types.ts';

const LONGEST_SHOWN = 120;

/** Right: full score, nothing to explain. */
export function right(answer: string | null = null): Judgement {
  return { mark: 'right', score: 1, answer: shown(answer), reason: null };
}

/** Wrong: no score. `reason` is a phrase without a full stop. */
export function wrong(reason: string, answer: string | null = null): Judgement {
  return { mark: 'wrong', score: 0, answer: shown(answer), reason };
}

/** Nobody can say what was meant; `reason` says why. */
export function ungraded(reason: string, answer: string | null = null): Judgement {
  return { mark: 'ungraded', score: null, answer: shown(answer), reason };
}

/**
 * Wrong by what has arrived; ungraded where the reply was cut off, since what it lacks might have
 * been still to come.
 */
export function missing(
  answered: Answered,
  reason: string,
  answer: string | null = null,
): Judgement {
  return isCutOff(answered) ? ungraded(`cut off: ${reason}`, answer) : wrong(reason, answer);
}

/** Whether the reply ended because its token limit was reached. */
export function isCutOff({ finishReason }: Answered): boolean {
  return finishReason === 'length';
}

/** The opposite verdict; what cannot be graded stays so. */
export function turnedRound(judgement: Judgement): Judgement {
  const { mark, score } = judgement;
  if (mark === 'ungraded' || score === null) return judgement;
  const turned = { ...judgement, score: 1 - score };
  if (mark === 'wrong') return { ...turned, mark: 'right', reason: null };
  return { ...turned, mark: 'wrong', reason: 'is what it must not be' };
}

/** A text on one line, short enough for a table's cell and a line of the journal. */
function shown(text: string | null): string | null {
  if (text === null) return null;
  const line = text
    .slice(0, 4 * LONGEST_SHOWN)
    .replace(/\s+/gu, ' ')
    .trim();
  return line.length <= LONGEST_SHOWN ? line : `${line.slice(0, LONGEST_SHOWN - 1).trimEnd()}…`;
}
