import { isInScope } from '../gate/judge-thresholds.ts';
import { judgeLimit } from '../gate/limits/judge-limit.ts';
import { observe } from '../gate/observe.ts';
import type { ThresholdProblem } from '../gate/observed.ts';
import { judgeEstimate, keepsLimit, parseThreshold, type Threshold } from '../gate/thresholds.ts';
import type { FindingVerdict } from '../gate/types.ts';
import { estimate } from '../metrics/estimate.ts';
import type { Estimate } from '../metrics/types.ts';
import { type DrawnFigure, intervalOf, shareOf, valuesOf } from './draws.ts';
import { type Figure, figureOf, ratioFigure, wordOf } from './figure.ts';
import type { Candidate } from './pool.ts';

/** What a model has to keep to be picked: a threshold, or a limit on the cost of an answer. */
export interface Need {
  text: string;
  threshold: Threshold;
  /** By which it is judged again in each draw; `null` of figures of a whole run, which stand as seen. */
  figure: Figure | null;
}

/** One need of one model. */
export interface NeedJudgement {
  need: string;
  value: Estimate;
  /** By the figure as seen. */
  verdict: FindingVerdict;
  /** Whether bounds at the confidence asked for say the same, say the opposite, or leave it open. */
  sure: FindingVerdict;
  why: string;
}

const COST = /^\s*cost(?:_per_request_usd)?(?=\s*(?:\{|<|>))/;

/**
 * Reads a need: a threshold, as 'score>0.8' or 'ttft_ms:p(95)<800'; `cost` is that of one answer, in
 * USD, where `cost_usd` is that of all of them.
 */
export function readNeed(text: string): Need | ThresholdProblem {
  const isCost = COST.test(text);
  const threshold = parseThreshold(isCost ? text.replace(COST, 'cost_usd') : spelledOut(text));
  if ('problem' in threshold) return threshold;
  if (threshold.scope.suite !== undefined) {
    return {
      problem: `'${text.trim()}' is of one suite, and all that are chosen are judged together`,
      remedy: `choose it for all: -s ${threshold.scope.suite}`,
    };
  }
  const figure = isCost ? ratioFigure('cost_per_request_usd') : figureOf(threshold.observed);
  return { text: text.trim(), threshold: { ...threshold, text: text.trim() }, figure };
}

/** `ttft<800` is of the median, as `--minimise ttft` is. */
function spelledOut(text: string): string {
  const [, name = '', scope = '', rest = ''] =
    /^\s*([\w/]+)\s*(\{.*\})?\s*([<>].*)$/s.exec(text) ?? [];
  const [metric, aggregate] = wordOf(name)?.split(':') ?? [];
  if (metric === undefined) return text;
  return `${metric}${scope}${aggregate === undefined ? '' : `:${aggregate}`}${rest}`;
}

/** Whether a model is one of those that a need is meant for. */
export function isNeeded({ threshold }: Need, { evidence }: Candidate): boolean {
  return isInScope(evidence.row, threshold);
}

/**
 * Judges a need by the figure as seen, and says whether bounds at a confidence bear it out: those of
 * the gate, or of draws where it knows none.
 * @param drawn the need's figure; `null` where it has none
 */
export function judgeNeed(
  need: Need,
  candidate: Candidate,
  drawn: DrawnFigure | null,
  confidence: number,
): NeedJudgement {
  const { threshold, text } = need;
  if (threshold.observed.kind === 'cost' && drawn !== null) {
    return judgeCost(need, drawn, confidence);
  }
  const value = observe(candidate.evidence, threshold.observed);
  const level = 1 - confidence;
  const finding = judgeLimit(
    threshold,
    candidate.evidence,
    candidate.evidence.samples.timeline(),
    { fail: level, pass: level },
    { taken: 1, planned: 1 },
  );
  return {
    need: text,
    value,
    verdict: judgeEstimate(value, threshold),
    sure: finding.verdict,
    why: finding.why,
  };
}

function judgeCost(
  { text, threshold }: Need,
  drawn: DrawnFigure,
  confidence: number,
): NeedJudgement {
  const { point, n } = drawn.figure;
  if (Number.isNaN(point)) {
    const why = 'the cost is not known';
    return {
      need: text,
      value: estimate(null, n),
      verdict: 'inconclusive',
      sure: 'inconclusive',
      why,
    };
  }
  const draws = valuesOf(drawn);
  const value = estimate(point, n, intervalOf(draws) ?? undefined);
  const kept = shareOf(draws.length, (i) => keepsLimit(draws[i] as number, threshold));
  const sure = kept >= confidence ? 'pass' : 1 - kept >= confidence ? 'fail' : 'inconclusive';
  const why = `an answer keeps it with a probability of ${Math.round(100 * kept)} %`;
  return { need: text, value, verdict: judgeEstimate(value, threshold), sure, why };
}

/** Whether a need is kept in one draw. */
export function keepsIn(need: Need, drawn: number): boolean {
  return keepsLimit(drawn, need.threshold);
}
