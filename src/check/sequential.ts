import type { UnsentReason } from '../load/protocol.ts';
import type { RequestRecord } from '../metrics/types.ts';
import type { Grade } from '../score/types.ts';

/** A record, with the grade of its answer as soon as there is one. */
export type JudgedRecord = RequestRecord & { grade?: Grade };

/** What came of the requests of one unit; of one that was never sent there is no record. */
export type JudgedUnit = readonly JudgedRecord[];

/** Looks at a growing sample until it has a verdict. */
export interface Judge {
  /** Sizes at which it wants to look, in units, ascending. */
  readonly looks: readonly number[];
  readonly decided: boolean;
  /**
   * True where nothing is sent for its sake: it looks along as long as others need more, and once more
   * when all is over.
   */
  readonly looksAlong?: boolean;
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
  /** Requests whose answers are graded as they come: until then, what came of them is not known. */
  gradedAtOnce?: ReadonlySet<string>;
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

  /** Told of each grade, be it before its record or after. */
  graded(grade: Grade): void {
    const group = this.#groupOf.get(grade.request_id);
    if (group === undefined || this.#failure !== null) return;
    this.#advance(group, () => group.graded(grade));
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
    if (group === undefined || this.#failure !== null) return;
    this.#advance(group, () => group.ended(requestId, ended, record));
  }

  #advance(group: Group, take: () => void): void {
    const wasDone = group.done;
    this.#watched(take);
    if (!wasDone && group.done && this.#failure === null) this.#settle(group.unended);
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
  /** Requests that ended, and whose grade is still to come. */
  ungraded: Set<string>;
  cut: boolean;
  records: JudgedRecord[];
}

class Group {
  readonly #judges: readonly Judge[];
  readonly #units: Unit[];
  /** At which any judge looks, ascending. */
  readonly #sizes: readonly number[];
  readonly #unitOf = new Map<string, Unit>();
  readonly #gradedAtOnce: ReadonlySet<string>;
  /** Those that came before their record. */
  readonly #grades = new Map<string, Grade>();
  /** Units at the front that are whole. */
  #whole = 0;
  /** Size of each judge's last look. */
  readonly #seen = new Map<Judge, number>();
  readonly #finished = new Set<Judge>();

  constructor({ units, judges, gradedAtOnce = new Set() }: SequentialGroup) {
    this.#judges = judges;
    this.#gradedAtOnce = gradedAtOnce;
    const sizes = new Set(judges.flatMap(({ looks }) => looks));
    this.#sizes = [...sizes].sort((a, b) => a - b);
    this.#units = units.map((names) => ({
      waiting: new Set(names),
      ungraded: new Set(),
      cut: false,
      records: [],
    }));
    for (const [index, unit] of this.#units.entries()) {
      for (const name of units[index] ?? []) this.#unitOf.set(name, unit);
    }
  }

  get names(): Iterable<string> {
    return this.#unitOf.keys();
  }

  /** Whether nothing more need be sent. */
  get done(): boolean {
    const holding = this.#judges.filter(({ looksAlong }) => !looksAlong);
    const awaited = holding.length === 0 ? this.#judges : holding;
    return awaited.every((judge) => this.#finished.has(judge));
  }

  /** Requests of which it is not known yet what came of them. */
  get unended(): string[] {
    return this.#units.flatMap(({ waiting }) => [...waiting]);
  }

  ended(requestId: string, ended: 'whole' | 'cut', record: RequestRecord | null): void {
    const unit = this.#unitOf.get(requestId);
    if (!unit?.waiting.delete(requestId)) return;
    unit.cut ||= ended === 'cut';
    if (record !== null) {
      const grade = this.#grades.get(requestId);
      this.#grades.delete(requestId);
      unit.records.push({ ...withoutTexts(record), ...(grade && { grade }) });
      const isAwaited = record.outcome === 'ok' && this.#gradedAtOnce.has(requestId);
      if (isAwaited && grade === undefined) unit.ungraded.add(requestId);
    }
    this.#lookOn();
  }

  graded(grade: Grade): void {
    const unit = this.#unitOf.get(grade.request_id);
    const slim = withoutAnswers(grade);
    const record = unit?.records.find(({ request_id }) => request_id === grade.request_id);
    if (record === undefined) {
      this.#grades.set(grade.request_id, slim);
      return;
    }
    record.grade = slim;
    if (unit?.ungraded.delete(grade.request_id)) this.#lookOn();
  }

  /** After so many whole units as there are now; a look whose time has come is taken. */
  #lookOn(): void {
    this.#countWhole(({ ungraded }) => ungraded.size === 0);
    for (const size of this.#sizes) {
      if (this.done || size > this.#whole) return;
      // One after the other, so that what one judge sees never depends on how many came at once.
      for (const judge of this.#judges) this.#lookWhereDue(judge, size);
    }
  }

  #countWhole(isGraded: (unit: Unit) => boolean): void {
    for (let next = this.#units[this.#whole]; next !== undefined; next = this.#units[this.#whole]) {
      if (next.cut || next.waiting.size > 0 || !isGraded(next)) break;
      this.#whole += 1;
    }
  }

  lookLast(): void {
    // A grade that has not come by now will not.
    this.#countWhole(() => true);
    for (const judge of this.#judges) {
      if (!this.#finished.has(judge)) this.#look(judge, this.#whole, true);
    }
  }

  #lookWhereDue(judge: Judge, size: number): void {
    const isDue = judge.looks.includes(size) && size > (this.#seen.get(judge) ?? 0);
    if (isDue && !this.#finished.has(judge)) this.#look(judge, size, size === judge.looks.at(-1));
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

/** Of a grade a look needs the mark and the score, and why there is none. */
function withoutAnswers(grade: Grade): Grade {
  return { ...grade, answer: null, expected: null, graders: [] };
}
