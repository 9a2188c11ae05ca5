import { betterOf } from '../gate/metric.ts';
import { type Observed, readObserved, type ThresholdProblem, textOf } from '../gate/observed.ts';
import type { Sampled } from '../metrics/row-samples.ts';
import { ownOf } from '../own.ts';

/** Figures that are one sum over another, case by case. */
export const RATIOS = [
  'score',
  'accuracy',
  'ungraded_share',
  'error_rate',
  'cost_per_request_usd',
] as const;
export type Ratio = (typeof RATIOS)[number];

/** What models are weighed against one another by: a figure that can be drawn again from their cases. */
export type Figure = { better: 'lower' | 'higher'; text: string } & (
  | { kind: 'ratio'; name: Ratio }
  | { kind: 'quantile'; metric: Sampled; p: number }
);

/** Short words for what is asked for most; all else is written as in a threshold. */
const WORDS: Record<string, string> = {
  cost: 'cost_per_request_usd',
  ttft: 'ttft_ms:med',
  ttfat: 'ttfat_ms:med',
  tpot: 'tpot_ms:med',
  itl: 'itl_ms:med',
  e2e: 'e2e_ms:med',
  'tok/s': 'decode_tokens_per_second:med',
  errors: 'error_rate',
};

/** What a short word stands for. */
export function wordOf(text: string): string | undefined {
  return ownOf(WORDS, text);
}

const FORM = /^(\w+)\s*(?::\s*(\w+)\s*(?:\(\s*([\d.]+)\s*\))?)?$/;

/** A figure of the kind that is one sum over another. */
export function ratioFigure(name: Ratio): Figure {
  const better = name === 'score' || name === 'accuracy' ? 'higher' : 'lower';
  return { kind: 'ratio', name, text: name, better };
}

export function quantileFigure(metric: Sampled, p: number): Figure {
  const text = textOf({ kind: 'quantile', metric, p });
  return { kind: 'quantile', metric, p, text, better: betterOf(text.replace(/:.*/, '')) };
}

/**
 * Reads a figure: `cost`, `ttft`, `tpot`, `e2e`, `tok/s`, `score`, `accuracy`, `error_rate`, or a
 * metric of each request with its quantile, as `ttft_ms:p(95)`; a metric alone is its median.
 */
export function readFigure(text: string): Figure | ThresholdProblem {
  const written = text.trim();
  const word = wordOf(written) ?? written;
  const ratio = RATIOS.find((name) => name === word);
  if (ratio !== undefined) return ratioFigure(ratio);
  const [, metric, aggregate, percent] = FORM.exec(word) ?? [];
  if (metric === undefined) return unknown(written);
  const read = readObserved(metric, aggregate, percent);
  const isBare = aggregate === undefined && 'problem' in read;
  const observed = isBare ? readObserved(metric, 'med', undefined) : read;
  if ('problem' in observed)
    return observed.problem.startsWith('unknown') ? unknown(written) : observed;
  return (
    figureOf(observed) ?? {
      problem: `${metric} is one figure of a whole run, which its cases do not tell`,
      remedy: known(),
    }
  );
}

/** The figure behind what a threshold observes; `null` where it is none that cases tell. */
export function figureOf(observed: Observed): Figure | null {
  if (observed.kind === 'quantile') return quantileFigure(observed.metric, observed.p);
  const ratio = RATIOS.find((name) => name === textOf(observed));
  return ratio === undefined ? null : ratioFigure(ratio);
}

function unknown(text: string): ThresholdProblem {
  return { problem: `'${text}' is no figure to choose by`, remedy: known() };
}

function known(): string {
  const words = [...Object.keys(WORDS), 'score', 'accuracy'].join(', ');
  return `use ${words}, or a metric with its quantile, as ttft_ms:p(95)`;
}
