import type { DeferredKind, Grade } from '../../score/types.ts';
import type { GradingReport } from '../../store/types.ts';

/** How many answers were marked how, over all rows; one entry is one reply, not a whole case. */
export class GradeCounts {
  right = 0;
  wrong = 0;
  ungraded = 0;
  readonly #notRun: Partial<Record<DeferredKind, number>> = {};

  add({ grade }: Grade): void {
    this[grade]++;
  }

  /** An answer that would take something that the run was not told to do. */
  addNotRun(kind: DeferredKind): void {
    this.#notRun[kind] = (this.#notRun[kind] ?? 0) + 1;
  }

  figures(): Pick<GradingReport, 'right' | 'wrong' | 'ungraded' | 'not_run'> {
    const { right, wrong, ungraded } = this;
    return { right, wrong, ungraded, not_run: { ...this.#notRun } };
  }
}
