import { isSuccess } from '../decode/headers.ts';
import type { UnsentReason } from '../load/protocol.ts';
import { rowKey } from '../metrics/row-key.ts';
import type { PlannedRow, RequestRecord } from '../metrics/types.ts';

interface Standing {
  /** The model answered with a refusal of the key, at whatever time. */
  refused: boolean;
  /** The record of the first refusal. */
  refusal: RequestRecord | null;
  /** A reply with a 2xx status came. */
  answered: boolean;
}

/** Why nothing more was sent of what was decided; the one reason that is no shortcoming. */
export const VERDICT_REACHED = 'the verdict was reached';

const NOT_SUBSCRIBED = 'not subscribed';

const REASONS: Record<UnsentReason, string> = {
  refused: 'the endpoint refused the model',
  skipped: 'left out on request',
  interrupted: 'the run was interrupted',
  duration: "the run's time was up",
  max_cost: 'the budget (max cost) was spent',
  max_tokens: 'the limit of output tokens was reached',
  conversation: 'an earlier turn of the conversation failed',
  pair: 'the other arm of the pair could not be sent',
  decided: VERDICT_REACHED,
  unjudged: 'the check could not be judged',
};

/** What a row says of a refusal of its model; `null` where there was none. */
export function refusalIn({ skipped_reason }: Pick<PlannedRow, 'skipped_reason'>): string | null {
  const isRefusal = [NOT_SUBSCRIBED, REASONS.refused].some((one) => skipped_reason?.includes(one));
  return isRefusal ? skipped_reason : null;
}

/** A run's budget ended it, whatever its plan was. */
export const BUDGET_SPENT: readonly string[] = [REASONS.max_cost, REASONS.max_tokens];
/** So did its time: the end of a plan that lasts so long, and of any other a cut. */
export const TIME_UP = REASONS.duration;

/** Keeps account of what was not sent, and tells a key that is wrong from a model not subscribed to. */
export class Skips {
  readonly #standings = new Map<string, Standing>();
  readonly #reasons = new Map<string, Set<UnsentReason>>();
  readonly #answeredTargets = new Set<string>();

  refused(of: { target: string; model: string }): void {
    this.#standing(of).refused = true;
  }

  record(record: RequestRecord): void {
    const standing = this.#standing(record);
    if (isSuccess(record.http_status)) {
      standing.answered = true;
      this.#answeredTargets.add(record.target);
    } else if (standing.refused) {
      standing.refusal ??= record;
    }
  }

  unsent(of: { target: string; model: string; suite: string }, reason: UnsentReason): void {
    const key = rowKey(of);
    const reasons = this.#reasons.get(key) ?? new Set();
    this.#reasons.set(key, reasons.add(reason));
  }

  /** The planned rows with what became of them. */
  settle(rows: readonly PlannedRow[]): PlannedRow[] {
    return rows.map((row) => {
      if (row.planned === 0) return row; // says already why nothing was to be sent
      const { refusal, answered } = this.#standing(row);
      const closed = refusal !== null && !answered;
      return {
        ...row,
        not_subscribed: closed && this.#answeredTargets.has(row.target),
        skipped_reason: closed ? this.#refusalReason(refusal) : this.#unsentReason(row),
      };
    });
  }

  /** True where models were sent to and every one of them refused the key. */
  get allRefused(): boolean {
    const standings = [...this.#standings.values()];
    return standings.some((one) => one.refused) && standings.every((one) => !one.answered);
  }

  /** What the first refusal said. */
  get firstRefusal(): RequestRecord | null {
    for (const { refusal } of this.#standings.values()) if (refusal !== null) return refusal;
    return null;
  }

  #refusalReason(refusal: RequestRecord): string {
    const what = this.#answeredTargets.has(refusal.target) ? NOT_SUBSCRIBED : REASONS.refused;
    return `${what} (${refusal.http_status}: ${refusal.error_message ?? refusal.outcome})`;
  }

  #unsentReason(row: PlannedRow): string | null {
    const reasons = [...(this.#reasons.get(rowKey(row)) ?? [])];
    return reasons.length === 0 ? null : reasons.map((reason) => REASONS[reason]).join('; ');
  }

  #standing(of: { target: string; model: string }): Standing {
    const key = `${of.target}\n${of.model}`;
    let standing = this.#standings.get(key);
    if (standing === undefined) {
      standing = { refused: false, refusal: null, answered: false };
      this.#standings.set(key, standing);
    }
    return standing;
  }
}
