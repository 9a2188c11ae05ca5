import type { Axis, Frontier } from '../../frontier/types.ts';
import { metricNameOf } from '../check/metric-name.ts';
import { INTERVALS, SIMULATED_NOTICE } from '../notes.ts';
import { counted, formatCount } from '../numbers.ts';
import { neutralise } from '../text.ts';
import { percentOf } from './columns.ts';

/** Above and below figures that are, or hold some that are, no provider's. */
export function simulatedLine({
  simulated,
  models,
}: {
  simulated: boolean;
  models: readonly { simulated: boolean; target: string }[];
}): string | null {
  if (!simulated) return null;
  if (models.every((model) => model.simulated)) return SIMULATED_NOTICE;
  const targets = new Set(models.filter((one) => one.simulated).map(({ target }) => target));
  const names = [...targets].map(neutralise).join(', ');
  return `SIMULATED: the figures of ${names} are the embedded simulator's, not any provider's.`;
}

/** Which models are worth having, in a sentence. */
export function frontierHeadline(frontier: Frontier): string {
  const { models, axes } = frontier;
  if (models.length === 0) return 'No model was asked anything in these runs.';
  if (axes.length < 2) {
    const only = axes[0] === undefined ? 'nothing' : `nothing but ${axes[0]}`;
    return `There is ${only} to weigh these models by, so none dominates another.`;
  }
  const on = models.filter(({ on_frontier }) => on_frontier === true);
  const dominated = models.filter(({ on_frontier }) => on_frontier === false);
  const names = on.map(({ label }) => neutralise(label)).join(', ');
  const others =
    dominated.length === 0
      ? ''
      : ` ${counted(dominated.length, 'model is', 'models are')} dominated.`;
  if (on.length === 0) return `No model has every figure.${others}`;
  return `On the frontier: ${names}.${others}`;
}

const WORDS: Record<Axis, (frontier: Frontier) => string> = {
  quality: ({ quality }) => quality,
  speed: ({ speed }) => metricNameOf(speed).title,
  cost: () => 'cost per answered request',
};

/** How to read the table, in sentences. */
export function frontierNotes(frontier: Frontier): string[] {
  const { suites, axes, sure_from, draws } = frontier;
  const weighed = axes.map((axis) => WORDS[axis](frontier));
  const lacking = (Object.keys(WORDS) as Axis[]).filter((axis) => !axes.includes(axis));
  const notes = [
    `Times in ms. Weighed: ${weighed.join(', ')}, over all cases of ${suites.map(neutralise).join(', ')} together.` +
      (lacking.length === 0 ? '' : ` No model has a figure for ${lacking.join(' and ')}.`),
  ];
  if (axes.length >= 2) {
    notes.push(
      `Dominated by: it is at least as good in all of these and better in one with a probability of at least ${percentOf(sure_from)} %; in brackets, how probable it is to be at least as good in all of them at once, by ${formatCount(draws)} draws of whole cases. One that surely fails more often dominates nobody.`,
    );
  }
  if (axes.includes('cost')) {
    notes.push('Cost: all that was paid, failed requests included, over the answers it bought.');
  }
  return [...notes, INTERVALS];
}
