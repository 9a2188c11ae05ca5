import { distance } from 'fastest-levenshtein';
import { missing, right, ungraded } from '../judgement.ts';
import type { Grader } from '../types.ts';
import { expectedText, readsText } from './reads-text.ts';

/** Comparing takes time by the product of both lengths. */
const LONGEST_COMPARED_CHARS = 20_000;
const DEFAULT_EDITS = 5;

/**
 * The answer is at most `threshold` edits (letters put in, left out or exchanged) from the expected
 * text; 5 by default.
 */
export const levenshtein: Grader = readsText((text, expectation, answered) => {
  const fold = (entry: string) => (expectation.ignore_case === true ? entry.toLowerCase() : entry);
  const [given, wanted] = lettersAsUnits(fold(text), fold(expectedText(expectation)));
  const allowed = expectation.threshold ?? DEFAULT_EDITS;
  const atLeast = Math.abs(given.length - wanted.length);
  if (atLeast > allowed) return missing(answered, `${atLeast} edits away at least`, text);
  if (given.length > LONGEST_COMPARED_CHARS) {
    return ungraded(`longer than ${LONGEST_COMPARED_CHARS} characters`, text);
  }
  const edits = distance(given, wanted);
  return edits <= allowed ? right(text) : missing(answered, `${edits} edits away`, text);
});

/** Both texts with one UTF-16 unit to a letter, so that an emoji counts as one. */
function lettersAsUnits(a: string, b: string): [string, string] {
  if (!/[\uD800-\uDFFF]/.test(a + b)) return [a, b];
  const units = new Map<string, string>();
  const unitOf = (letter: string) => {
    const unit = units.get(letter) ?? String.fromCharCode(units.size);
    units.set(letter, unit);
    return unit;
  };
  return [[...a].map(unitOf).join(''), [...b].map(unitOf).join('')];
}
