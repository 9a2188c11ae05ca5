import type { Problem } from '../diagnostics/types.ts';
import { deferredOf, gradeAnswer } from '../score/grade.ts';
import type {
  Answered,
  DeferredGrader,
  DeferredKind,
  Graded,
  GraderLimits,
  Judgement,
} from '../score/types.ts';
import type { Said } from '../simulator/options.ts';
import type { SuiteSource } from '../suite/read.ts';
import type { SuiteFile } from '../suite/schema.ts';
import { turnsOf } from '../suite/turns.ts';
import type { Expectation, Turn } from '../suite/types.ts';

/** What is to be had for graders that are deferred in a run; those missing are left out. */
export type DeferredGraders = Partial<Record<DeferredKind, DeferredGrader>>;

export interface ReferenceCheck {
  /** Answers of the suite's own that its expectations take for something else. */
  problems: Problem[];
  /** How many answers were graded, and how many wait for a grader that was not to be had. */
  graded: number;
  left: Partial<Record<DeferredKind, number>>;
}

const LIMITS: GraderLimits = { regexMs: 1000 };

/** What a reply was measured to be says nothing of an answer that nobody sent. */
const MEASURED = /^(?:not-)?(?:latency|cost)$/;

/**
 * Grades the answers that a suite gives as right and as wrong by what it expects itself.
 * @returns a problem for each `reference` that is not right, and each `wrong` that is
 */
export async function checkReferences(
  source: SuiteSource & { file: SuiteFile },
  graders: DeferredGraders,
): Promise<ReferenceCheck> {
  const check: ReferenceCheck = { problems: [], graded: 0, left: {} };
  for (const [index, entry] of (source.file.cases ?? []).entries()) {
    const turns = turnsOf(entry);
    for (const [number, turn] of turns.entries()) {
      const own = isObject(entry.turns?.[number]) ? ['turns', number] : [];
      for (const field of ['reference', 'wrong'] as const) {
        const said = turn[field];
        if (said === null || turn.expect.length === 0) continue;
        const lacking = kindsOf(turn.expect).filter((kind) => graders[kind] === undefined);
        for (const kind of lacking) check.left[kind] = (check.left[kind] ?? 0) + 1;
        if (lacking.length > 0) continue;
        check.graded += 1;
        const message = faultOf(field, await gradeSaid(said, turn, graders));
        if (message === null) continue;
        const written = entry[field] === said && number === turns.length - 1 ? [] : own;
        const path = ['cases', index, ...written, field];
        check.problems.push({
          ...{ file: source.path, ...source.locate(path), path: path.join('.') },
          message: `${entry.id}: ${message}`,
          remedy: 'mend the answer or what is expected',
        });
      }
    }
  }
  return check;
}

/** Grades a text or a call as if a model had said it. Never rejects for what was said. */
export async function gradeSaid(
  said: Said,
  turn: Turn,
  graders: DeferredGraders = {},
): Promise<Graded> {
  const expect = turn.expect.filter(({ type }) => !MEASURED.test(type));
  const answered = answeredWith(said, turn);
  const found = new Map<Expectation, Judgement>();
  for (const { expectation, kind } of deferredOf(expect)) {
    const grader = graders[kind];
    if (grader === undefined) continue;
    found.set(expectation, await grader.grade(answered, expectation, new AbortController().signal));
  }
  return gradeAnswer(answered, expect, LIMITS, found);
}

function answeredWith(said: Said, { text, reference }: Turn): Answered {
  const isText = typeof said === 'string';
  return {
    text: isText ? said : '',
    reasoning: '',
    toolCalls: isText ? [] : [{ index: 0, id: null, ...said }],
    finishReason: isText ? 'stop' : 'tool_calls',
    messages: [{ role: 'user', content: text }],
    reference,
    ttftMs: null,
    e2eMs: null,
    costUsd: null,
  };
}

function faultOf(field: 'reference' | 'wrong', { mark, reason, graders }: Graded): string | null {
  if (field === 'wrong') {
    return mark === 'right' ? 'what it gives as wrong is right by what it expects' : null;
  }
  if (mark === 'right') return null;
  const at = graders.find((grader) => grader.mark === mark)?.type ?? 'the grader';
  return `its reference is ${mark} by what it expects (${at}: ${reason ?? 'no reason given'})`;
}

function kindsOf(expect: readonly Expectation[]): DeferredKind[] {
  return [...new Set(deferredOf(expect).map(({ kind }) => kind))];
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
