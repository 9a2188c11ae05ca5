/** What a classifier of safe and unsafe texts said. */
export interface Label {
  verdict: Verdict;
  /** Hazard categories as MLCommons numbers them (S1 to S14), in the order named. */
  categories: string[];
}

type Verdict = 'safe' | 'unsafe';

/** A line that is a verdict: at most a few words and a colon in front, at most categories behind. */
const VERDICT_LINE =
  /^[^\p{L}\p{N}]*(?:[\p{L}' ]{1,30}[:=][^\p{L}\p{N}]*)?(safe|unsafe)(?:[^\p{L}\p{N}]|and\b|categor(?:y|ies)\b|S\d{1,2}(?!\p{N}))*$/iu;
/** Longer lines are prose. */
const LINE_LENGTH_MAX = 160;

const MENTION = /(?<![\p{L}\p{N}])(?:safe|unsafe)(?![\p{L}\p{N}])(?! to say)/giu;
const NEGATED = /(?:\bnot|n['’]t)\s+(?:(?:a|an|at all|entirely|really|considered)\s+)?$/iu;
const IN_DOUBT = /\b(?:not|cannot|never|neither|nor|no|hardly|whether|if|would)\b|n['’]t\b/iu;

/**
 * Reads Llama Guard's `safe`, or `unsafe` and a line of categories, in any case, with blanks, marks or
 * prose around it.
 * @returns `null` where there is no verdict, where two differ, or where a negation leaves it in doubt
 */
export function readLabel(text: string): Label | null {
  const plain = text.normalize('NFKC');
  const verdict = only(plain.split('\n').flatMap(verdictOfLine)) ?? only(mentions(plain));
  if (verdict === undefined) return null;
  return { verdict, categories: verdict === 'unsafe' ? categoriesIn(plain) : [] };
}

/** On one line: `safe`, `unsafe`, `unsafe S1,S10`. */
export function labelText({ verdict, categories }: Label): string {
  return categories.length === 0 ? verdict : `${verdict} ${categories.join(',')}`;
}

function verdictOfLine(line: string): Verdict[] {
  if (line.length > LINE_LENGTH_MAX) return [];
  const [, verdict] = line.match(VERDICT_LINE) ?? [];
  return verdict === undefined ? [] : [verdictOf(verdict)];
}

/** What each mention in prose says; `null` for one that may mean either. */
function mentions(text: string): (Verdict | null)[] {
  return [...text.matchAll(MENTION)].map(({ 0: word, index }) => {
    const before = text.slice(Math.max(0, index - 80), index);
    const after = text.slice(index, index + 80).split(/[.!;\n]/)[0] ?? '';
    if (after.includes('?')) return null;
    const clause = before.split(/[.!?;\n]/).at(-1) ?? '';
    if (!IN_DOUBT.test(clause)) return verdictOf(word);
    if (!NEGATED.test(clause) || IN_DOUBT.test(clause.replace(NEGATED, ''))) return null;
    return verdictOf(word) === 'safe' ? 'unsafe' : 'safe';
  });
}

function verdictOf(word: string): Verdict {
  return word.toLowerCase() === 'unsafe' ? 'unsafe' : 'safe';
}

/** The one verdict that all say; `undefined` where they differ, or there is none. */
function only(verdicts: readonly (Verdict | null)[]): Verdict | undefined {
  return new Set(verdicts).size === 1 ? (verdicts[0] ?? undefined) : undefined;
}

function categoriesIn(text: string): string[] {
  const codes = [...text.matchAll(/(?<![\p{L}\p{N}])S0?(\d{1,2})(?![\p{L}\p{N}])/giu)];
  return [...new Set(codes.map(([, number]) => `S${number}`))];
}
