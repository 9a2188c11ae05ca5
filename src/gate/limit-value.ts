import { parseDuration } from '../config/duration.ts';
import type { Observed, ThresholdProblem } from './observed.ts';

/** What a limit may look like, by what it limits; a plain number is in the metric's own unit. */
interface Unit {
  name: string;
  examples: string;
  /** @returns `undefined` where the text is no such limit */
  read(text: string): number | undefined;
}

const PLAIN: Unit = { name: 'a number', examples: '20', read: numberIn };
const TIME: Unit = {
  name: 'a time',
  examples: '800, which are milliseconds, 800ms or 1.5s',
  read: (text) => numberIn(text) ?? parseDuration(text),
};
const SHARE: Unit = {
  name: 'a share between 0 and 1',
  examples: '0.01 or 1%',
  read: (text) => {
    // Of a percentage the point is moved in the text, so that 1% is 0.01 to the last bit.
    const share = text.endsWith('%') ? numberIn(`${text.slice(0, -1).trim()}e-2`) : numberIn(text);
    return share !== undefined && share <= 1 ? share : undefined;
  },
};
const MONEY: Unit = {
  name: 'an amount in US dollars',
  examples: '0.5 or $0.5',
  read: (text) => numberIn(text.replace(/^\$\s*/, '')),
};

/**
 * Reads the number behind the operator, with or without a unit.
 * @param whole the threshold that it stands in, for the message
 */
export function readLimit(
  text: string,
  observed: Observed,
  whole: string,
): number | ThresholdProblem {
  const unit = unitOf(observed);
  const limit = unit.read(text);
  if (limit !== undefined) return limit;
  return {
    problem: `the limit '${text}' of '${whole}' is not ${unit.name}`,
    remedy: `write ${unit.examples}`,
  };
}

function unitOf(observed: Observed): Unit {
  if (observed.kind === 'share' || observed.kind === 'grade') return SHARE;
  if (observed.kind === 'cost') return MONEY;
  return observed.kind === 'quantile' && /_ms(_p50)?$/.test(observed.metric) ? TIME : PLAIN;
}

/** From 0 on, in plain or scientific form. */
function numberIn(text: string): number | undefined {
  const number = Number(text);
  return /^[\d.]+(e[-+]?\d+)*$/i.test(text) && Number.isFinite(number) ? number : undefined;
}
