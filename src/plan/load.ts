import type { RunSettings } from '../config/types.ts';
import type { Plan } from './plan.ts';

/**
 * How many streams a run keeps open at once, at most: the slots of all models side by side, of the
 * largest alone where they follow one another, and never more than there are conversations.
 */
export function plannedStreams(
  { requests }: Pick<Plan, 'requests'>,
  { order, concurrency }: Pick<RunSettings, 'order' | 'concurrency'>,
): number {
  const conversations = new Map<string, Set<string>>();
  for (const { target, model, phase, conversationId } of requests) {
    if (phase === 'warmup') continue;
    const key = order === 'interleaved' ? '' : `${target}\n${model}`;
    const known = conversations.get(key) ?? new Set();
    conversations.set(key, known.add(conversationId));
  }
  const slots = [...conversations.values()].map(({ size }) => Math.min(size, concurrency));
  return order === 'parallel'
    ? slots.reduce((sum, count) => sum + count, 0)
    : Math.max(0, ...slots);
}
