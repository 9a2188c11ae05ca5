import { orderedSample, quantileEstimate } from './estimates.ts';
import type { RowSamples } from './row-samples.ts';
import type { Timeline } from './timeline.ts';
import type { TurnCount } from './turn-counts.ts';
import type { TurnFigures } from './types.ts';

/**
 * The figures of each turn of a row's conversations, by the rules of the row's own.
 * @returns `undefined` where no second turn was answered
 */
export function turnFiguresOf(samples: RowSamples, timeline: Timeline): TurnFigures[] | undefined {
  const { last, byTurn } = samples.turns;
  if (last === 0) return undefined;
  const turns = samples.keys.turns();
  const median = (metric: 'ttft_ms' | 'e2e_ms', turn: number) => {
    const column = samples.columns[metric].only((index) => turns[index] === turn);
    return quantileEstimate(orderedSample(column, timeline), 0.5, column.count);
  };
  return Array.from({ length: last + 1 }, (_, turn) => {
    const count = byTurn.get(turn);
    return {
      turn,
      ok: count?.ok ?? 0,
      ttft_ms_p50: median('ttft_ms', turn),
      e2e_ms_p50: median('e2e_ms', turn),
      prompt_tokens_mean: meanOf(count?.prompt),
      cached_prompt_tokens_mean: meanOf(count?.cachedPrompt),
    };
  });
}

function meanOf(sum: TurnCount['prompt'] | undefined): number | null {
  return sum === undefined || sum.requests === 0 ? null : sum.tokens / sum.requests;
}
