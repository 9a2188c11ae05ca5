import { passAtK } from '../stats/pass-at-k.ts';
import type { GradeSamples } from './grade-samples.ts';
import { meanEstimate } from './mean-estimate.ts';
import type { Estimate, EstimateName, RowGrades } from './types.ts';

const REASONS_SHOWN = 10;
/** Past the tenth every tenth of ten, hundred, …: a run that lasts for hours may have thousands of passes. */
const EVERY_K_TO = 10;

/** The estimates of a row that rest on its grades; those missing are n/a. */
export function gradeEstimatesOf(samples: GradeSamples): Partial<Record<EstimateName, Estimate>> {
  if (samples.count === 0) return {};
  const cases = samples.keys.cases();
  const marks = samples.marks.entries();
  const ungraded = marks.map((mark) => Number(Number.isNaN(mark)));
  return {
    score: meanOfGraded(samples.scores.entries(), cases),
    accuracy: meanOfGraded(marks, cases),
    ungraded_share: meanEstimate(ungraded, cases),
  };
}

/** What became of the answers of a row; `undefined` where none was graded. */
export function rowGradesOf(samples: GradeSamples): RowGrades | undefined {
  if (samples.count === 0) return undefined;
  const { right, wrong, ungraded, ungradedReasons } = samples;
  const labels = samples.labels.report();
  const byCase = passesByCase(samples);
  return {
    cases: byCase.length,
    right,
    wrong,
    ungraded,
    ungraded_reasons: Object.fromEntries(
      [...ungradedReasons]
        .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
        .slice(0, REASONS_SHOWN),
    ),
    pass_at: passAt(byCase),
    ...(labels && { labels }),
  };
}

function meanOfGraded(samples: Float64Array, cases: Float64Array): Estimate {
  const isGraded = (_: number, index: number) => !Number.isNaN(samples[index]);
  return meanEstimate(samples.filter(isGraded), cases.filter(isGraded));
}

/** Passes of one case: how many were graded, and how many of these are right. */
interface Passes {
  graded: number;
  right: number;
}

/** Of each case that was graded at least once. */
function passesByCase(samples: GradeSamples): Passes[] {
  const cases = samples.keys.cases();
  const byCase = new Map<number, Passes>();
  samples.marks.entries().forEach((mark, index) => {
    if (Number.isNaN(mark)) return;
    const one = cases[index] as number;
    const passes = byCase.get(one) ?? { graded: 0, right: 0 };
    byCase.set(one, passes);
    passes.graded += 1;
    passes.right += mark;
  });
  return [...byCase.values()];
}

/** pass@k over the cases that were graded k times or more, with the interval of a mean over cases. */
function passAt(byCase: readonly Passes[]): RowGrades['pass_at'] {
  const most = byCase.reduce((max, { graded }) => Math.max(max, graded), 0);
  const ks = Array.from({ length: most }, (_, index) => index + 1).filter(isShown);
  return ks.map((k) => {
    const enough = byCase.filter(({ graded }) => graded >= k);
    const chances = Float64Array.from(enough, ({ graded, right }) => passAtK(graded, right, k));
    return { k, estimate: meanEstimate(chances, Float64Array.from(chances.keys())) };
  });
}

/** 1 to 10, 20, 30, …, 100, 200, … */
function isShown(k: number): boolean {
  return k <= EVERY_K_TO || k % 10 ** Math.floor(Math.log10(k)) === 0;
}
