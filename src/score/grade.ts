import type { ExpectationType } from '../suite/expectation-schema.ts';
import type { Expectation } from '../suite/types.ts';
import { combined } from './combine.ts';
import { choice } from './graders/choice.ts';
import { containsJson, isJson } from './graders/json.ts';
import { jsonPlan } from './graders/json-plan.ts';
import { label } from './graders/label.ts';
import { language } from './graders/language.ts';
import { levenshtein } from './graders/levenshtein.ts';
import { match } from './graders/match.ts';
import { cost, empty, latency } from './graders/measured.ts';
import { isRefusal } from './graders/refusal.ts';
import { pattern, regex } from './graders/regex.ts';
import { rule } from './graders/rule.ts';
import { toolCall } from './graders/tool-call.ts';
import {
  contains,
  containsAll,
  containsAny,
  equals,
  icontains,
  startsWith,
} from './graders/whole-text.ts';
import { turnedRound, ungraded } from './judgement.ts';
import type {
  Answered,
  DeferredKind,
  Graded,
  Grader,
  GraderLimits,
  GraderResult,
  Judgement,
} from './types.ts';

/** Graders that run at once; the others are deferred, or a set of these. */
const GRADERS: Record<Exclude<ExpectationType, DeferredKind | 'assert-set'>, Grader> = {
  equals,
  contains,
  icontains,
  'contains-any': containsAny,
  'contains-all': containsAll,
  'starts-with': startsWith,
  regex,
  'is-json': isJson,
  'contains-json': containsJson,
  levenshtein,
  'is-refusal': isRefusal,
  match,
  choice,
  pattern,
  label,
  'tool-call': toolCall,
  'json-plan': jsonPlan,
  language,
  rule,
  empty,
  latency,
  cost,
};

/** Why there is no verdict where nobody ran a deferred grader. */
const NOT_RUN: Record<DeferredKind, string> = {
  code: 'code was not run (--run-code)',
  javascript: 'JavaScript was not run (--run-javascript)',
  'model-graded': 'no judge was asked (--judge)',
};

/** An expectation that takes a process or a request, wherever it stands in the list. */
export interface Deferred {
  expectation: Expectation;
  kind: DeferredKind;
}

/**
 * Grades one answer: right where all expectations are, with the weighted mean of their scores.
 * Pure but for the clock of the regular expressions' time limit.
 * @param expectations of the turn, one at least; those of a set are its own members
 * @param deferred what the deferred graders found, by the expectation as an object; one that is
 *   missing is ungraded
 */
export function gradeAnswer(
  answered: Answered,
  expectations: readonly Expectation[],
  limits: GraderLimits,
  deferred: ReadonlyMap<Expectation, Judgement> = new Map(),
): Graded {
  const graders = resultsOf(answered, expectations, limits, deferred);
  const label = graders.find((result) => result.label !== undefined)?.label;
  return { ...combined(graders), ...(label === undefined ? {} : { label }), graders };
}

/** The expectations that `gradeAnswer` cannot decide by itself, those within sets too. */
export function deferredOf(expectations: readonly Expectation[]): Deferred[] {
  return expectations.flatMap((expectation) => {
    const type = bareType(expectation);
    if (isDeferred(type)) return [{ expectation, kind: type }];
    return deferredOf(membersOf(expectation));
  });
}

/** The expectations within an `assert-set`; none elsewhere. */
export function membersOf({ assert }: Expectation): Expectation[] {
  return Array.isArray(assert) ? (assert as unknown as Expectation[]) : [];
}

/** A grader's name without the `not-` in front. */
export function bareType({ type }: Expectation): string {
  return type.replace(/^not-/, '');
}

function resultsOf(
  answered: Answered,
  expectations: readonly Expectation[],
  limits: GraderLimits,
  deferred: ReadonlyMap<Expectation, Judgement>,
): GraderResult[] {
  return expectations.map((expectation) => {
    const type = bareType(expectation);
    const members =
      type === 'assert-set' ? resultsOf(answered, membersOf(expectation), limits, deferred) : null;
    const found =
      members === null
        ? judge(answered, expectation, type, limits, deferred)
        : combined(members, expectation.threshold);
    return {
      type: expectation.type,
      weight: expectation.weight ?? 1,
      ...(type === expectation.type ? found : turnedRound(found)),
      ...(members === null ? {} : { members }),
    };
  });
}

function judge(
  answered: Answered,
  expectation: Expectation,
  type: string,
  limits: GraderLimits,
  deferred: ReadonlyMap<Expectation, Judgement>,
): Judgement {
  if (isDeferred(type)) return deferred.get(expectation) ?? ungraded(NOT_RUN[type]);
  const grader = Object.hasOwn(GRADERS, type) ? GRADERS[type as keyof typeof GRADERS] : undefined;
  if (grader === undefined) return ungraded(`there is no grader ${type}`);
  return grader(answered, expectation, limits);
}

function isDeferred(type: string): type is DeferredKind {
  return Object.hasOwn(NOT_RUN, type);
}
