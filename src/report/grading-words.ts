import type { DeferredKind } from '../score/types.ts';

/** What a deferred grader does, and the flag that asks for it. */
const DOINGS: Record<DeferredKind, { doing: string; flag: string }> = {
  code: { doing: 'running code', flag: '--run-code' },
  javascript: { doing: "running the suites' JavaScript", flag: '--run-javascript' },
  'model-graded': { doing: 'asking the judge', flag: '--judge TARGET/MODEL' },
};

export const DEFERRED_KINDS = Object.keys(DOINGS) as DeferredKind[];

/** «running code and asking the judge» */
export function doingsOf(kinds: readonly DeferredKind[]): string {
  return kinds.map((kind) => DOINGS[kind].doing).join(' and ');
}

export function flagFor(kind: DeferredKind): string {
  return DOINGS[kind].flag;
}
