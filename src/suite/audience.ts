import type { Audience, Suite } from './types.ts';

/** What a row says that was never meant to be asked. */
export const NOT_ADDRESSED = 'the suite is not meant for this model';

/** Whether a suite is sent to a model at all, by the model's tags. */
export function isAddressed({ audience }: Pick<Suite, 'audience'>, tags: readonly string[]) {
  return includes(audience, tags);
}

/** Whether its answers are graded: some are asked only to see that they answer, and how fast. */
export function isGraded({ graded }: Pick<Suite, 'graded'>, tags: readonly string[]) {
  return includes(graded, tags);
}

function includes(audience: Audience | undefined, tags: readonly string[]): boolean {
  if (audience === undefined) return true;
  const carries = (wanted: readonly string[]) => wanted.some((tag) => tags.includes(tag));
  return (audience.tags.length === 0 || carries(audience.tags)) && !carries(audience.notTags);
}
