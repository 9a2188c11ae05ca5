import type { RunSettings } from '../config/types.ts';
import { lanesOf } from './lanes.ts';
import type { Plan } from './plan.ts';

/**
 * How many streams a run keeps open at once, at most: the slots of all lanes side by side, of the
 * largest alone where they follow one another, and never more than there is to take a slot.
 */
export function plannedStreams(
  { requests }: Pick<Plan, 'requests'>,
  { order, concurrency }: Pick<RunSettings, 'order' | 'concurrency'>,
): number {
  const measured = requests.filter(({ phase }) => phase === 'measure');
  const lanes = order === 'interleaved' ? [measured] : lanesOf(measured);
  const slots = lanes.map((lane) => {
    const firsts = lane.filter(({ turn }) => turn === 0);
    const units = new Set(firsts.map(({ pairId, conversationId }) => pairId ?? conversationId));
    return Math.min(units.size, concurrency);
  });
  return order === 'parallel'
    ? slots.reduce((sum, count) => sum + count, 0)
    : Math.max(0, ...slots);
}
