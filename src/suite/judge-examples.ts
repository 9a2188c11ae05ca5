import type { JsonObject, JsonValue } from '../json.ts';
import type { SuiteFile } from './schema.ts';
import type { Case, Expectation } from './types.ts';

type JudgeExample = NonNullable<SuiteFile['judge_examples']>[number];

/**
 * Gives the labelled examples of a suite to the expectations that have their rubric, where a judge finds
 * them; in place.
 * @returns places of examples whose rubric no expectation has
 */
export function addExamples(cases: readonly Case[], examples: readonly JudgeExample[]): number[] {
  const judged = cases
    .flatMap(({ turns }) => turns.flatMap(({ expect }) => expect.flatMap(withMembers)))
    .filter(({ type }) => type.replace(/^not-/, '') === 'model-graded');
  return examples.flatMap(({ rubric, ...example }, index) => {
    const meant = judged.filter(({ value }) => value === rubric);
    for (const expectation of meant) {
      const own = (expectation.examples ?? []) as JsonValue[];
      expectation.examples = [...own, example as JsonObject];
    }
    return meant.length > 0 ? [] : [index];
  });
}

function withMembers(expectation: Expectation): Expectation[] {
  const { assert } = expectation;
  if (!Array.isArray(assert)) return [expectation];
  return [expectation, ...(assert as unknown as Expectation[]).flatMap(withMembers)];
}
