import type { GradingSettings } from '../../config/types.ts';
import { messageOf } from '../../errors.ts';
import type { RequestRecord } from '../../metrics/types.ts';
import type { PlannedRequest } from '../../plan/types.ts';
import { type Deferred, deferredOf, gradeAnswer } from '../../score/grade.ts';
import type { Answered, DeferredKind, Grade, Graded, Judgement } from '../../score/types.ts';
import type { Expectation } from '../../suite/types.ts';
import { answeredOf, isToBeGraded, type Reply, type Said } from './answered.ts';
import { GradeCounts } from './counts.ts';
import type { DeferredGraders } from './deferred-graders.ts';
import { mayRun } from './forecast.ts';
import { type GradeWriting, gradeLine } from './grade-line.ts';
import { inOrderOf } from './in-order.ts';
import { Transcripts } from './transcripts.ts';

/** Why an answer is not graded that was waiting when grading was stopped. */
const INTERRUPTED = 'grading was interrupted';
/** Beyond this, answers that wait are not kept: those of a run that lasts would fill the memory. */
const WAITING_CHARS_MOST = 256 * 1024 * 1024;
const TOO_MANY_WAITED = 'too many answers waited (recompute --grade)';

/** Whether an answer only waits to be graded, for nobody has tried it yet. */
export function isUntried({ grade, reason }: Pick<Grade, 'grade' | 'reason'>): boolean {
  return grade === 'ungraded' && (reason === INTERRUPTED || reason === TOO_MANY_WAITED);
}

export interface GradingOptions extends GradeWriting {
  settings: GradingSettings;
  /** Told of each grade, in the order in which they are written. */
  onGrade: (grade: Grade) => void;
}

/** An answer that takes a process or a request to grade. */
interface Waiting {
  planned: PlannedRequest;
  /** Of its texts nothing is kept twice. */
  record: RequestRecord;
  answered: Answered;
  deferred: readonly Deferred[];
}

/**
 * Grades the replies of a run: those that can be at once as they are taken in, in the main thread; those
 * that take a process or a request when nothing is measured any more.
 */
export class Grading {
  readonly counts = new GradeCounts();
  readonly #options: GradingOptions;
  readonly #transcripts = new Transcripts();
  readonly #waiting: Waiting[] = [];
  #waitingChars = 0;

  constructor(options: GradingOptions) {
    this.#options = options;
  }

  /** Takes a reply whose record is in the journal; its turns have to come in their order. */
  taken(planned: PlannedRequest, record: RequestRecord, said: Said): void {
    const history =
      planned.turnCount > 1 && planned.gradedTurns > 0
        ? this.#transcripts.take(planned, record, said)
        : [];
    if (isToBeGraded(planned, record)) this.#take({ planned, record, said, history });
  }

  /** Takes the grade that a reply has already; of its conversation it takes `heard`. */
  known({ expect }: PlannedRequest, grade: Grade): void {
    this.counts.add(grade);
    this.#countNotRun(deferredOf(expect));
  }

  /** Takes a reply that is graded already, for those that follow it in its conversation. */
  heard(planned: PlannedRequest, record: RequestRecord, said: Said): void {
    if (planned.turnCount > 1) this.#transcripts.take(planned, record, said);
  }

  /** Takes a reply of which the text was not kept. */
  unread(planned: PlannedRequest, record: RequestRecord): void {
    this.#transcripts.end(planned);
    if (!isToBeGraded(planned, record)) return;
    this.#keep(planned, record, { ...ungraded('its answer was not kept'), graders: [] });
  }

  /** A request that is not sent: its conversation has ended. */
  unsent(planned: PlannedRequest): void {
    this.#transcripts.end(planned);
  }

  /** Answers that wait for `gradeWaiting`, and what they wait for. */
  get waiting(): { answers: number; kinds: DeferredKind[] } {
    const kinds = new Set(
      this.#waiting.flatMap(({ deferred }) => deferred.map(({ kind }) => kind)),
    );
    return { answers: this.#waiting.length, kinds: [...kinds] };
  }

  /**
   * Grades what waits, several answers at once; grades come in the order in which the answers came.
   * @param signal leaves the rest ungraded
   * @param onGraded told how many are graded
   */
  async gradeWaiting(
    graders: DeferredGraders,
    signal: AbortSignal,
    onGraded: (count: number) => void = () => {},
  ): Promise<void> {
    const waiting = this.#waiting.splice(0);
    this.#waitingChars = 0;
    let count = 0;
    await inOrderOf(
      waiting,
      graders.atOnce,
      async ({ answered, deferred }) => {
        const found = new Map<Expectation, Judgement>();
        for (const { expectation, kind } of deferred) {
          found.set(expectation, await judge(graders, kind, answered, expectation, signal));
        }
        return found;
      },
      ({ planned, record, answered }, found) => {
        this.#grade(planned, record, answered, found);
        onGraded(++count);
      },
    );
  }

  #take(reply: Reply): void {
    const { planned, record } = reply;
    const answered = answeredOf(reply);
    const all = deferredOf(planned.expect);
    const deferred = all.filter(({ kind }) => this.#mayRun(kind));
    this.#countNotRun(all);
    if (deferred.length === 0) return this.#grade(planned, record, answered);
    this.#waitingChars += answered.text.length + answered.reasoning.length;
    if (this.#waitingChars <= WAITING_CHARS_MOST) {
      const bare = { ...record, answer_text: null, reasoning_text: null, tool_calls: null };
      this.#waiting.push({ planned, record: bare, answered, deferred });
    } else {
      const given = deferred.map(
        ({ expectation }) => [expectation, ungraded(TOO_MANY_WAITED)] as const,
      );
      this.#grade(planned, record, answered, new Map(given));
    }
  }

  #countNotRun(deferred: readonly Deferred[]): void {
    for (const kind of new Set(deferred.map(({ kind }) => kind))) {
      if (!this.#mayRun(kind)) this.counts.addNotRun(kind);
    }
  }

  #mayRun(kind: DeferredKind): boolean {
    return mayRun(this.#options.settings, kind);
  }

  #grade(
    planned: PlannedRequest,
    record: RequestRecord,
    answered: Answered,
    found?: ReadonlyMap<Expectation, Judgement>,
  ): void {
    const limits = { regexMs: this.#options.settings.regexMs };
    let graded: Graded;
    try {
      graded = gradeAnswer(answered, planned.expect, limits, found);
    } catch (error) {
      graded = { ...failed(error), graders: [] };
    }
    this.#keep(planned, record, graded);
  }

  #keep(planned: PlannedRequest, record: RequestRecord, graded: Graded): void {
    const grade = gradeLine(planned, record, graded, this.#options);
    this.counts.add(grade);
    this.#options.onGrade(grade);
  }
}

async function judge(
  graders: DeferredGraders,
  kind: DeferredKind,
  answered: Answered,
  expectation: Expectation,
  signal: AbortSignal,
): Promise<Judgement> {
  if (signal.aborted) return ungraded(INTERRUPTED);
  const judgement = await graders.of(kind).grade(answered, expectation, signal).catch(failed);
  // What was under way says in its own words that it was broken off.
  return signal.aborted && judgement.mark === 'ungraded' ? ungraded(INTERRUPTED) : judgement;
}

/** A mistake in a grader costs its grade, not a run that was paid for. */
function failed(error: unknown): Judgement {
  return ungraded(`the grader failed: ${messageOf(error)}`);
}

function ungraded(reason: string): Judgement {
  return { mark: 'ungraded', score: null, answer: null, reason };
}
