import type { Grade, Mark } from '../../score/types.ts';

/** So many answers that were marked the one way are marked the other. */
export interface GradeChange {
  /** `null` where there was no grade. */
  from: Mark | null;
  /** `null` where there is none any more. */
  to: Mark | null;
  count: number;
}

/** Earlier grades held against new ones, by request. */
export class GradeChanges {
  readonly #before = new Map<string, Mark>();
  readonly #counts = new Map<string, GradeChange>();

  static async from(earlier: AsyncIterable<Grade>): Promise<GradeChanges> {
    const changes = new GradeChanges();
    for await (const { request_id, grade } of earlier) changes.#before.set(request_id, grade);
    return changes;
  }

  /** Takes a new grade, each request's once. */
  add({ request_id, grade }: Pick<Grade, 'request_id' | 'grade'>): void {
    const from = this.#before.get(request_id) ?? null;
    this.#before.delete(request_id);
    if (from !== grade) this.#count(from, grade);
  }

  /** Every change, the commonest first; what was graded before and is not now among them. */
  all(): GradeChange[] {
    for (const from of this.#before.values()) this.#count(from, null);
    this.#before.clear();
    return [...this.#counts.values()].sort((a, b) => b.count - a.count);
  }

  #count(from: Mark | null, to: Mark | null): void {
    const key = `${from} ${to}`;
    const change = this.#counts.get(key) ?? { from, to, count: 0 };
    this.#counts.set(key, change);
    change.count += 1;
  }
}
