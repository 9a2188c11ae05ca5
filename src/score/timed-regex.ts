import { TIMED_OUT, withinMs } from './time-limit.ts';

/** What came of looking for a pattern. */
export type Search =
  | { kind: 'found'; groups: (string | undefined)[] }
  | { kind: 'absent' }
  | { kind: 'gave-up'; reason: string };

/** Beyond this a pattern of the user's is not tried: even an honest one would hold up the intake. */
const LONGEST_SEARCHED_CHARS = 200_000;
/** Timeouts in a row after which a pattern is not tried again. */
const TIMEOUTS_IN_A_ROW = 3;
/** Timeouts in all after which it is not, whatever came between. */
const TIMEOUTS_IN_ALL = 10;

interface Pattern {
  regex: RegExp;
  timeoutsInARow: number;
  timeouts: number;
}

const patterns = new Map<string, Pattern>();

/**
 * Looks for the first match of a user's regular expression, for at most `timeoutMs`.
 *
 * V8 matches by backtracking, which on patterns like `(a+)+$` takes longer than the universe; code
 * run by `vm` with a timeout is interrupted within a match too. A pattern that keeps running into
 * its limit is given up, so that a thousand replies do not each cost the whole of it.
 * @param flags as in the suite; `g` and `y` mean nothing for one search and are left out
 */
export function searchWithin(
  timeoutMs: number,
  source: string,
  flags: string,
  text: string,
): Search {
  if (text.length > LONGEST_SEARCHED_CHARS) {
    return { kind: 'gave-up', reason: `longer than ${LONGEST_SEARCHED_CHARS} characters` };
  }
  const pattern = patternOf(source, flags);
  if (pattern.timeoutsInARow >= TIMEOUTS_IN_A_ROW || pattern.timeouts >= TIMEOUTS_IN_ALL) {
    return { kind: 'gave-up', reason: 'the regular expression ran out of time too often' };
  }
  const match = withinMs(timeoutMs, () => pattern.regex.exec(text));
  if (match === TIMED_OUT) {
    pattern.timeoutsInARow += 1;
    pattern.timeouts += 1;
    return { kind: 'gave-up', reason: `the regular expression took more than ${timeoutMs} ms` };
  }
  pattern.timeoutsInARow = 0;
  return match === null ? { kind: 'absent' } : { kind: 'found', groups: [...match] };
}

function patternOf(source: string, flags: string): Pattern {
  const key = `${flags}/${source}`;
  let pattern = patterns.get(key);
  if (pattern === undefined) {
    const regex = new RegExp(source, flags.replace(/[gy]/g, ''));
    pattern = { regex, timeoutsInARow: 0, timeouts: 0 };
    patterns.set(key, pattern);
  }
  return pattern;
}
