import { distance } from 'fastest-levenshtein';
import { TokentapeError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import type { Problem } from './types.ts';

/**
 * Problems as a person reads them, one a line: `file:line:column path: message, remedy`. Editors and
 * terminals turn the place into a link. A problem with `line` 0 has no place in its file.
 * @returns text without a final newline; empty for no problems. A count ends it where there are several.
 */
export function formatProblems(problems: readonly Problem[]): string {
  const lines = problems.map(formatProblem);
  if (problems.length > 1) lines.push(`${problems.length} problems`);
  return lines.join('\n');
}

function formatProblem(problem: Problem): string {
  const place =
    problem.line > 0 ? `${problem.file}:${problem.line}:${problem.column}` : problem.file;
  const subject = problem.path === '' ? problem.message : `${problem.path}: ${problem.message}`;
  const remedy = problem.remedy === undefined ? '' : `, ${problem.remedy}`;
  return `${place}${problem.line > 0 ? '' : ':'} ${subject}${remedy}`;
}

/** All problems in one error that ends the process with exit 2; several begin on a line of their own. */
export function problemsError(problems: readonly Problem[]): TokentapeError {
  const text = formatProblems(problems);
  const message = problems.length > 1 ? `these have to be mended first:\n${text}` : text;
  return new TokentapeError(message, { exitCode: EXIT.usage });
}

/**
 * What was probably meant: the candidate fewest edits away, case and `-`/`_`/space apart.
 * @returns `undefined` where nothing is near: over two letters (of four, over one) and over a third
 *   of them would have to change
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = normalise(word);
  let best: string | undefined;
  // Two edits in four letters make another word.
  let bestEdits = (wanted.length < 5 ? 1 : Math.max(2, Math.floor(wanted.length / 3))) + 1;
  for (const candidate of candidates) {
    const edits = editsBetween(wanted, normalise(candidate));
    if (edits < bestEdits) {
      best = candidate;
      bestEdits = edits;
    }
  }
  return best;
}

/** A swap of two neighbours is one edit, for it is one slip of the fingers. */
function editsBetween(wanted: string, candidate: string): number {
  const edits = distance(wanted, candidate);
  const sorted = (word: string): string => [...word].sort().join('');
  return edits === 2 && sorted(wanted) === sorted(candidate) ? 1 : edits;
}

function normalise(word: string): string {
  return word.toLowerCase().replaceAll(/[-\s]/g, '_');
}

/** `did you mean x?`, where something is near; else what `otherwise` says. */
export function didYouMean(
  word: string,
  candidates: Iterable<string>,
  otherwise?: string,
): string | undefined {
  const meant = nearest(word, candidates);
  return meant === undefined ? otherwise : `did you mean ${meant}?`;
}
