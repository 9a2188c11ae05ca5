import os from 'node:os';
import type { GradingSettings, RequestLimits } from '../../config/types.ts';
import { Judge, type JudgeReport, openJudgeJournal, readJudgeCalls } from '../../judge/index.ts';
import { ungraded } from '../../score/judgement.ts';
import type { DeferredGrader, DeferredKind } from '../../score/types.ts';
import type { Redactor } from '../../secrets.ts';
import type { Judges } from './judges.ts';

/** What grades answers that take a process or a request. */
export interface DeferredGraders {
  /** Answers to work on at a time. */
  readonly atOnce: number;
  of(kind: DeferredKind): DeferredGrader;
  /**
   * Lets go of connections and processes.
   * @returns how judging went; `null` where nobody was to be asked
   */
  close(): Promise<JudgeReport | null>;
}

export interface DeferredOptions {
  settings: GradingSettings;
  requestLimits: RequestLimits;
  seed: string;
  /** The run's. */
  folder: string;
  /** Of the keys of the run. */
  redactor: Redactor;
  keepText: boolean;
  /** Who may be asked; `null`: verdicts of earlier calls are taken, and nobody is asked anew. */
  judges: Judges | null;
  /** What there is to grade. */
  kinds: readonly DeferredKind[];
  /** In place of those that the settings ask for. */
  own?: Partial<Record<DeferredKind, DeferredGrader>>;
}

/** A core is left to whatever else there is. */
const CODE_AT_ONCE = Math.max(1, Math.min(4, os.availableParallelism() - 1));

/** Graders for the kinds that the settings allow; nothing is started or opened before it is needed. */
export async function openDeferred(options: DeferredOptions): Promise<DeferredGraders> {
  const { settings, kinds, own = {} } = options;
  const asks = kinds.includes('model-graded') && own['model-graded'] === undefined;
  const judging = settings.judge !== null && asks ? await openJudge(options, settings.judge) : null;
  const graders: Partial<Record<DeferredKind, DeferredGrader>> = {
    ...(await sandboxed(options)),
    ...(judging && { 'model-graded': judging.judge }),
    ...own,
  };
  return {
    atOnce: CODE_AT_ONCE + (settings.judge?.concurrency ?? 0),
    of: (kind) => graders[kind] ?? NONE,
    close: async () => {
      if (judging === null) return null;
      await judging.close();
      return judging.judge.report();
    },
  };
}

/** Loaded only where something is to be run. */
async function sandboxed({ settings, kinds }: DeferredOptions) {
  if (!kinds.includes('code') && !kinds.includes('javascript')) return {};
  const { codeGrader, javascriptGrader } = await import('../../score/sandbox/index.ts');
  return { code: codeGrader(settings), javascript: javascriptGrader(settings) };
}

const NONE: DeferredGrader = {
  grade: () => Promise.resolve(ungraded('there is nothing to grade it with')),
};

async function openJudge(
  { folder, judges, requestLimits, seed, redactor, keepText }: DeferredOptions,
  settings: NonNullable<GradingSettings['judge']>,
): Promise<{ judge: Judge; close: () => Promise<void> }> {
  // Loaded only here: the HTTP stack takes long to load, and the measuring thread has its own.
  const { openSender } = await import('../discover.ts');
  const journal = judges === null ? null : await openJudgeJournal(folder);
  const judge = new Judge({
    settings,
    lookup: judges?.lookup ?? (() => ({ problem: 'nobody is asked' })),
    open: openSender,
    requestLimits,
    seed,
    redactor,
    keepText,
    journal,
    known: await readJudgeCalls(folder),
    countsKnown: judges !== null,
    ...(judges === null && { unasked: 'it was not asked in the run' }),
  });
  return {
    judge,
    close: async () => {
      try {
        await judge.close();
      } finally {
        await journal?.close();
      }
    },
  };
}
