import { spokenText } from '../answer/spoken.ts';
import { right, ungraded, wrong } from '../judgement.ts';
import type { Grader } from '../types.ts';

/** Nothing was said to the user; thinking and tool calls are not speech. */
export const empty: Grader = (answered) => {
  const text = spokenText(answered);
  return text === '' ? right() : wrong('says something', text);
};

/** The whole answer took no longer than `threshold` milliseconds. */
export const latency: Grader = ({ e2eMs }, { threshold = 0 }) => {
  if (e2eMs === null) return ungraded('its duration is not known');
  return e2eMs <= threshold ? right() : wrong(`took ${Math.round(e2eMs)} ms`);
};

/** The answer cost no more than `threshold` US dollars. */
export const cost: Grader = ({ costUsd }, { threshold = 0 }) => {
  if (costUsd === null) return ungraded('its cost is not known');
  return costUsd <= threshold ? right() : wrong(`cost ${costUsd} USD`);
};
