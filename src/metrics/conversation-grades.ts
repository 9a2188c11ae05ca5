import type { Grade } from '../score/types.ts';

/** What became of a conversation. */
export interface CaseGrade extends Pick<Grade, 'grade' | 'score' | 'reason'> {
  /** Its first graded turn. */
  first: Grade;
}

/** A conversation of which not all graded turns have come. */
interface Open {
  grades: Grade[];
}

/**
 * Puts the graded turns of a case together: right where all are, wrong where one is, else ungraded; its
 * score is their mean. What was broken off before its last graded turn never becomes a case.
 */
export class Conversations {
  readonly #open = new Map<string, Open>();

  /** The case of several graded turns that this grade completes; `null` where turns are still to come. */
  caseOf(grade: Grade): CaseGrade | null {
    const key = grade.conversation_id ?? `${grade.case_id}\n${grade.repeat}`;
    const open = this.#open.get(key) ?? { grades: [] };
    this.#open.set(key, open);
    // What a conversation is put together from is its marks and scores; texts would pile up.
    open.grades.push({ ...grade, answer: null, expected: null, graders: [] });
    if (open.grades.length < grade.graded_turns) return null;
    this.#open.delete(key);
    open.grades.sort((a, b) => a.turn - b.turn);
    return caseGrade(open.grades[0] ?? grade, open.grades);
  }

  /** No more turns of it are to come. */
  brokenOff(conversationId: string): void {
    this.#open.delete(conversationId);
  }
}

function caseGrade(first: Grade, turns: readonly Grade[]): CaseGrade {
  const wrong = turns.find(({ grade }) => grade === 'wrong');
  const decisive = wrong ?? turns.find(({ grade }) => grade === 'ungraded') ?? first;
  const scores = turns.flatMap(({ score }) => score ?? []);
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  return {
    first,
    grade: decisive.grade,
    score: decisive.grade === 'ungraded' || scores.length === 0 ? null : mean,
    reason: decisive.reason,
  };
}
