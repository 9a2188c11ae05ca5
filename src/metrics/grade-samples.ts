import type { Grade } from '../score/types.ts';
import { Column } from './column.ts';
import { Conversations } from './conversation-grades.ts';
import { LabelCounts } from './label-counts.ts';
import { PairKeys } from './pair-keys.ts';

/** Reasons counted apart; a reason that quotes an answer would make one of every answer. */
const REASONS_MOST = 1000;

/**
 * The grades of one summary row, one at a time; a sample is one case in one pass, whatever its turns.
 * Numbers only, for there may be a million.
 */
export class GradeSamples {
  /** Parallel to the columns: which case and pass each is of, and which other row's sample is its pair. */
  readonly keys = new PairKeys();
  /** 1 where right, 0 where wrong, nothing where ungraded. */
  readonly marks = new Column();
  /** 0 to 1; nothing where ungraded. */
  readonly scores = new Column();
  readonly labels = new LabelCounts();
  readonly ungradedReasons = new Map<string, number>();
  right = 0;
  wrong = 0;
  ungraded = 0;
  readonly #conversations = new Conversations();

  add(grade: Grade): void {
    this.labels.add(grade);
    if (grade.graded_turns <= 1) return this.#addCase(grade, grade);
    const ended = this.#conversations.caseOf(grade);
    if (ended !== null) this.#addCase(ended.first, ended);
  }

  /** A conversation that is not gone on with: nothing of it is kept. */
  brokenOff(conversationId: string): void {
    this.#conversations.brokenOff(conversationId);
  }

  /** How many samples there are. */
  get count(): number {
    return this.keys.count;
  }

  /** @param first the first graded turn of the case: it stands for all of them */
  #addCase(
    first: Grade,
    { grade, score, reason }: Pick<Grade, 'grade' | 'score' | 'reason'>,
  ): void {
    this[grade]++;
    this.keys.add(first);
    this.marks.push(grade === 'ungraded' ? null : Number(grade === 'right'));
    this.scores.push(score);
    if (grade !== 'ungraded') return;
    const said = kindOf(reason ?? 'no reason given');
    const known = this.ungradedReasons.get(said);
    if (known !== undefined || this.ungradedReasons.size < REASONS_MOST) {
      this.ungradedReasons.set(said, (known ?? 0) + 1);
    }
  }
}

/** What was missing when it was cut off is told of each answer apart. */
function kindOf(reason: string): string {
  return reason.startsWith('cut off') ? 'cut off' : reason;
}
