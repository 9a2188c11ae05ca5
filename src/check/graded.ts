import { deferredOf } from '../score/grade.ts';
import type { Case, Expectation, Suite } from '../suite/types.ts';

/** When the answers of a suite are graded: as they come, or when all is sent. */
export type Grading = 'at_once' | 'deferred';

/** Suites by name, those of which no answer is graded left out. */
export type GradedSuites = Readonly<Record<string, Grading>>;

/** @param enabled whether answers are graded at all */
export function gradedSuites(suites: readonly Suite[], enabled: boolean): GradedSuites {
  if (!enabled) return {};
  return Object.fromEntries(
    suites.flatMap(({ name, cases }): [string, Grading][] => {
      const expected = cases.flatMap(expectationsOf);
      if (expected.length === 0) return [];
      return [[name, isDeferred(expected) ? 'deferred' : 'at_once']];
    }),
  );
}

function expectationsOf({ turns }: Case): Expectation[] {
  return turns.flatMap(({ expect }) => expect);
}

function isDeferred(expect: readonly Expectation[]): boolean {
  return deferredOf(expect).length > 0;
}
