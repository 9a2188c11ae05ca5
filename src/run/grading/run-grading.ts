import { publicGrading } from '../../config/public.ts';
import type { JudgeReport } from '../../judge/index.ts';
import type { RequestRecord } from '../../metrics/types.ts';
import type { PlannedRequest } from '../../plan/types.ts';
import type { DeferredKind, Grade } from '../../score/types.ts';
import { GRADERS_VERSION } from '../../score/version.ts';
import { type Redactor, redactorOf } from '../../secrets.ts';
import type { GradingReport } from '../../store/types.ts';
import { billedUsd } from '../billed.ts';
import type { OpenRun, RunDescription } from '../open-records.ts';
import { isToBeGraded, type Said } from './answered.ts';
import { type DeferredOptions, openDeferred } from './deferred-graders.ts';
import { Grading } from './grading.ts';
import { leftForJudgesUsd } from './judge-budget.ts';
import type { Judges } from './judges.ts';

/** What a run may be told of its grading, beside its settings. */
export interface GradingWishes {
  /** Who may be asked to grade answers; without it nobody is. */
  judges?: Judges | null;
  /** Graders of what takes a process or a request, in place of the run's own. */
  deferredGraders?: DeferredOptions['own'];
  /** Told before answers are graded that take a process or a request; everything measured is on disk. */
  onGrading?: (work: GradingWork) => void;
}

/** Answers that are graded when nothing is measured any more. */
export interface GradingWork {
  answers: number;
  kinds: readonly DeferredKind[];
  /** How many of them are graded by now. */
  graded(): number;
}

type Options = GradingWishes & Pick<RunDescription, 'settings' | 'targets'>;

/** The grading of a run under way: each grade is in the journal before anybody hears of it. */
export class RunGrading {
  readonly #options: Options;
  readonly #run: OpenRun;
  /** `null` where nothing is to be graded. */
  readonly #grading: Grading | null;
  readonly #stopping = new AbortController();
  #state: GradingReport['state'] = 'unfinished';
  #judging: JudgeReport | null = null;
  /** By the requests of the run, and by judges before it was gone on with. */
  #spentUsd: number;
  readonly #redactor: Redactor;

  constructor(options: Options, run: OpenRun, onGrade: (grade: Grade) => void) {
    const { settings, targets, judges } = options;
    const { grades } = run;
    this.#options = options;
    this.#run = run;
    this.#spentUsd = run.before?.spent.usd ?? 0;
    this.#redactor = redactorOf(targets, judges?.secrets);
    this.#grading =
      grades &&
      new Grading({
        settings: settings.grading,
        keepText: settings.keepText,
        redactor: this.#redactor,
        onGrade: (grade) => {
          grades.append(grade);
          onGrade(grade);
        },
      });
  }

  /** Takes a reply whose record is in the journal. */
  taken(request: PlannedRequest, record: RequestRecord, said: Said): void {
    this.#spentUsd += billedUsd(record, request);
    this.#grading?.taken(request, record, said);
  }

  /** Takes a grade of before the run was gone on with. */
  known(request: PlannedRequest | undefined, grade: Grade): void {
    if (request !== undefined) this.#grading?.known(request, grade);
  }

  /** Whether a reply of then is to be graded now, where it is not. */
  lacks(request: PlannedRequest, record: RequestRecord): boolean {
    return this.#grading !== null && isToBeGraded(request, record);
  }

  /**
   * Takes a reply of then, of a conversation in which some answer is to be graded now.
   * @param said `null` where nothing was kept of it
   */
  again(request: PlannedRequest, record: RequestRecord, said: Said | null, graded: boolean): void {
    if (said === null && !graded) this.#grading?.unread(request, record);
    else if (said !== null && graded) this.#grading?.heard(request, record, said);
    else if (said !== null) this.#grading?.taken(request, record, said);
  }

  unsent(request: PlannedRequest): void {
    this.#grading?.unsent(request);
  }

  /** Whether there are answers that take a process or a request. */
  get isWaiting(): boolean {
    return (this.#grading?.waiting.answers ?? 0) > 0;
  }

  /** Leaves ungraded what waits; nothing more is run or asked. */
  stop(): void {
    this.#stopping.abort();
  }

  /** For a process about to exit. */
  flushNow(): void {
    this.#run.grades?.flushNow();
  }

  /** The run failed: what was graded stays. @throws what made it fail */
  async abandon(error: unknown): Promise<never> {
    await this.#run.grades?.close();
    throw error;
  }

  /** Grades what waits; once nothing is measured any more. */
  async finish(): Promise<void> {
    if (this.#grading === null) return;
    const isWaiting = this.isWaiting;
    try {
      if (isWaiting) await this.#gradeWaiting(this.#grading);
    } finally {
      await this.#run.grades?.close();
    }
    this.#state = isWaiting && this.#stopping.signal.aborted ? 'interrupted' : 'complete';
  }

  async #gradeWaiting(grading: Grading): Promise<void> {
    const { settings, judges = null, deferredGraders, onGrading } = this.#options;
    const { waiting } = grading;
    let graded = 0;
    if (!this.#stopping.signal.aborted) onGrading?.({ ...waiting, graded: () => graded });
    const { judge } = settings.grading;
    const judgesUsd = this.#run.before?.spent.judgesUsd;
    const maxCostUsd = leftForJudgesUsd(settings, this.#spentUsd, judgesUsd);
    const graders = await openDeferred({
      settings: { ...settings.grading, judge: judge && { ...judge, maxCostUsd } },
      requestLimits: settings.requestLimits,
      seed: settings.seed,
      redactor: this.#redactor,
      keepText: settings.keepText,
      folder: this.#run.folder.path,
      judges,
      kinds: waiting.kinds,
      ...(deferredGraders && { own: deferredGraders }),
    });
    try {
      await grading.gradeWaiting(graders, this.#stopping.signal, (count) => {
        graded = count;
      });
    } finally {
      this.#judging = await graders.close();
    }
  }

  /** How grading went so far; `null` where nothing was to be graded. */
  report(): GradingReport | null {
    if (this.#grading === null) return null;
    const judge = this.#judging ?? this.#run.before?.run.manifest.grading?.judge;
    return {
      graders_version: GRADERS_VERSION,
      state: this.#state,
      settings: publicGrading(this.#options.settings.grading),
      ...this.#grading.counts.figures(),
      ...(judge && { judge }),
    };
  }
}
