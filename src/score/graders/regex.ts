import type { Expectation } from '../../suite/types.ts';
import { equalNumbers, exactNumber } from '../answer/exact.ts';
import { missing, right, ungraded, wrong } from '../judgement.ts';
import { searchWithin } from '../timed-regex.ts';
import type { Grader } from '../types.ts';
import { expectedText, readsText } from './reads-text.ts';

/** The user's regular expression matches somewhere in the answer. */
export const regex: Grader = readsText((text, expectation, answered, { regexMs }) => {
  const found = searchWithin(regexMs, String(expectation.value), flagsOf(expectation), text);
  if (found.kind === 'gave-up') return ungraded(found.reason);
  if (found.kind === 'found') return right(found.groups[0] ?? null);
  return missing(answered, 'the regular expression does not match');
});

/**
 * The first group of the user's regular expression is the expected value: as a number where both
 * are numbers, else as a text without regard to case. Ungraded where nothing is found.
 */
export const pattern: Grader = readsText((text, expectation, _answered, { regexMs }) => {
  const ignoreCase = expectation.ignore_case !== false;
  const flags = flagsOf(expectation) + (ignoreCase ? 'i' : '');
  const found = searchWithin(regexMs, String(expectation.pattern), flags, text);
  if (found.kind === 'gave-up') return ungraded(found.reason);
  if (found.kind === 'absent') return ungraded('the pattern does not match');
  const group = found.groups.slice(1).find((entry) => entry !== undefined);
  if (group === undefined) return ungraded('no group of the pattern took part in the match');
  const given = group.trim();
  const wanted = expectedText(expectation);
  const fold = (entry: string) => (ignoreCase ? entry.toLowerCase() : entry);
  if (fold(given) === fold(wanted) || sameNumber(given, wanted)) return right(given);
  return wrong(`is not ${wanted}`, given);
});

function flagsOf({ flags = '' }: Expectation): string {
  return [...new Set(String(flags))].join('');
}

function sameNumber(given: string, wanted: string): boolean {
  const [a, b] = [exactNumber(given), exactNumber(wanted)];
  return a !== null && b !== null && equalNumbers(a, b);
}
