import type { UnsentReason } from '../load/protocol.ts';
import type { RequestRecord } from '../metrics/types.ts';

/** What came of the requests of one unit; of one that was never sent there is no record. */
export type JudgedUnit = readonly RequestRecord[];

/** Looks at a growing sample until it has a verdict. */
export interface Judge {
  /** Sizes at which it wants to look, in units, ascending. */
  readonly looks: readonly number[];
  readonly decided: boolean;
  /**
   * @param units the first ones in plan order, whole
   * @param last no further look will come
   */
  look(units: readonly JudgedUnit[], last: boolean): void;
}

/** Requests that are judged together, and sent until all judges have decided. */
export interface SequentialGroup {
  /** Names of the requests of each unit, in plan order: the two of a pair, or one alone. */
  units: readonly (readonly string[])[];
  judges: readonly Judge[];
}

/**
 * Decides how far a plan has to be sent. A group is looked at when its first so many units *in plan
 * order* have ended: were it looked at when any so many have, the fast ones would be chosen by their
 * being fast. Once all of a group's judges have decided, nothing more of it needs to be sent.
 *
 * What a judge throws is kept, and ends the sending: what was measured has to be on disk before
 * anybody hears of it.
 */
export class Sequential {
  readonly #groups: Group[];
  readonly #groupOf = new Map<string, Group>();
  #settle: (requestIds: readonly string[]) => void = () => {};
  #conclude: () => void = () => {};
  #failure: { error: unknown } | null = null;

  constructor(groups: readonly SequentialGroup[]) {
    this.#groups = groups.map((group) => new Group(group));
    for (const group of this.#groups) {
      for (const name of group.names) this.#groupOf.set(name, group);
    }
  }

  /**
   * @param settle told of requests that need not be sent any more
   * @param conclude told that none of any kind need be
   */
  begin(settle: (requestIds: readonly string[]) => void, conclude: () => void): void {
    this.#settle = settle;
    this.#conclude = conclude;
  }

  taken(record: RequestRecord): void {
    // Given up when the run was stopped: how it would have ended, nobody knows.
    const ended = record.outcome === 'cancelled' ? 'cut' : 'whole';
    this.#ended(record.request_id, ended, record);
  }

  unsent({ requestId }: { requestId: string }, reason: UnsentReason): void {
    // A conversation that broke off lacks its later turns, and the sample goes on without them.
    this.#ended(requestId, reason === 'conversation' ? 'whole' : 'cut', null);
  }

  /** One last look where the plan was not sent to its end, or the verdict was not reached. */
  end(): void {
    for (const group of this.#groups) this.#watched(() => group.lookLast());
  }

  /** @throws what a judge threw, if one did */
  rethrow(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  #ended(requestId: string, ended: 'whole' | 'cut', record: RequestRecord | null): void {
    const group = this.#groupOf.get(requestId);
    if (group === undefined || group.done || this.#failure !== null) return;
    this.#watched(() => group.ended(requestId, ended, record));
    if (group.done && this.#failure === null) this.#settle(group.unended);
  }

  #watched(look: () => void): void {
    try {
      look();
    } catch (error) {
      this.#failure ??= { error };
      this.#conclude();
    }
  }
}

interface Unit {
  waiting: Set<string>;
  cut: boolean;
  records: RequestRecord[];
}

class Group {
  readonly #judges: readonly Judge[];
  readonly #units: Unit[];
  readonly #unitOf = new Map<string, Unit>();
  /** Units at the front that are whole. */
  #whole = 0;
  /** Size of each judge's last look. */
  readonly #seen = new Map<Judge, number>();
  readonly #finished = new Set<Judge>();

  constructor({ units, judges }: SequentialGroup) {
    this.#judges = judges;
    this.#units = units.map((names) => ({ waiting: new Set(names), cut: false, records: [] }));
    for (const [index, unit] of this.#units.entries()) {
      for (const name of units[index] ?? []) this.#unitOf.set(name, unit);
    }
  }

  get names(): Iterable<string> {
    return this.#unitOf.keys();
  }

  get done(): boolean {
    return this.#finished.size === this.#judges.length;
  }

  /** Requests of which it is not known yet what came of them. */
  get unended(): string[] {
    return this.#units.flatMap(({ waiting }) => [...waiting]);
  }

  ended(requestId: string, ended: 'whole' | 'cut', record: RequestRecord | null): void {
    const unit = this.#unitOf.get(requestId);
    if (!unit?.waiting.delete(requestId)) return;
    unit.cut ||= ended === 'cut';
    if (record !== null) unit.records.push(withoutTexts(record));
    for (let next = this.#units[this.#whole]; next !== undefined; next = this.#units[this.#whole]) {
      if (next.cut || next.waiting.size > 0) break;
      this.#whole += 1;
    }
    for (const judge of this.#judges) this.#lookWhereDue(judge);
  }

  lookLast(): void {
    for (const judge of this.#judges) {
      if (!this.#finished.has(judge)) this.#look(judge, this.#whole, true);
    }
  }

  #lookWhereDue(judge: Judge): void {
    for (const size of judge.looks) {
      if (this.#finished.has(judge) || size > this.#whole) return;
      if (size > (this.#seen.get(judge) ?? 0)) this.#look(judge, size, size === judge.looks.at(-1));
    }
  }

  #look(judge: Judge, size: number, last: boolean): void {
    this.#seen.set(judge, size);
    judge.look(
      this.#units.slice(0, size).map(({ records }) => records),
      last,
    );
    if (last || judge.decided) this.#finished.add(judge);
  }
}

/** A look needs figures only, and there may be thousands of records. */
function withoutTexts(record: RequestRecord): RequestRecord {
  return { ...record, answer_text: null, reasoning_text: null, tool_calls: null };
}
