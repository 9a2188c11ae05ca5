import type { Random } from '../random.ts';
import { DEFAULT_DIFFICULTY, DEFAULT_LENGTH_TOKENS, familyOf } from './families/index.ts';
import type { CaseEntry, GenerateEntry, SuiteFile } from './schema.ts';
import type { Case } from './types.ts';

/** Draws of one case before its family counts as exhausted: all its prompts are taken. */
const REDRAWS_MAX = 200;

/**
 * Draws the cases of one `generate` entry. Each has a stream of its own, named by its id: a change
 * elsewhere in the file, or a larger count, leaves it as it is.
 * @param prompts those taken already; the new ones are added
 * @returns `count` cases; fewer where the family has no other prompts left
 */
export function generateCases(
  entry: GenerateEntry,
  count: number,
  file: SuiteFile,
  random: Random,
  prompts: Set<string>,
): Case[] {
  const family = familyOf(entry.family);
  const difficulties = difficultiesOf(entry);
  const lengthsTokens = [entry.length_tokens ?? DEFAULT_LENGTH_TOKENS].flat();
  const { parameters, tags } = merged(file, entry);
  const cases: Case[] = [];
  for (let index = 0; index < count; index++) {
    const id = `${entry.id_prefix ?? entry.family}-${index + 1}`;
    const difficulty = inTurn(difficulties, index, DEFAULT_DIFFICULTY);
    const lengthTokens = inTurn(lengthsTokens, index, DEFAULT_LENGTH_TOKENS);
    const drawn = redraw(prompts, (attempt) =>
      family.generate(random.fork(`${id}/${attempt}`), difficulty, lengthTokens),
    );
    if (drawn === undefined) break;
    const added = [entry.family, `difficulty-${difficulty}`, ...(drawn.tags ?? [])];
    if (family.long) added.push(`tokens-${lengthTokens}`);
    cases.push({
      id,
      system: entry.system ?? file.system ?? null,
      turns: [
        {
          text: drawn.prompt,
          expect: drawn.expect,
          reference: drawn.reference ?? null,
          wrong: drawn.wrong ?? null,
        },
      ],
      parameters,
      tags: [...new Set([...tags, ...added])],
    });
  }
  return cases;
}

/** The first draw whose prompt is not taken; `undefined` where there seems to be none. */
function redraw<T extends { prompt: string }>(
  prompts: Set<string>,
  draw: (attempt: number) => T,
): T | undefined {
  for (let attempt = 0; attempt < REDRAWS_MAX; attempt++) {
    const drawn = draw(attempt);
    if (prompts.has(drawn.prompt)) continue;
    prompts.add(drawn.prompt);
    return drawn;
  }
  return undefined;
}

function difficultiesOf({ difficulty = DEFAULT_DIFFICULTY }: GenerateEntry): number[] {
  if (typeof difficulty === 'number') return [difficulty];
  const [low, high] = [Math.min(...difficulty), Math.max(...difficulty)];
  return Array.from({ length: high - low + 1 }, (_, index) => low + index);
}

function inTurn(values: readonly number[], index: number, otherwise: number): number {
  return values[index % values.length] ?? otherwise;
}

/** Parameters and tags of an entry over those of the suite. */
export function merged(
  file: SuiteFile,
  entry: Pick<CaseEntry, 'parameters' | 'tags'>,
): Pick<Case, 'parameters' | 'tags'> {
  return {
    parameters: { ...file.parameters, ...entry.parameters },
    tags: [...new Set([...(file.tags ?? []), ...(entry.tags ?? [])])],
  };
}

/** The count of a `generate` entry, grown in proportion so that all together give `wanted`. */
export function grownCount(file: SuiteFile, index: number, wanted: number): number {
  const counts = (file.generate ?? []).map(({ count }) => count);
  const sumUpTo = (end: number) => counts.slice(0, end).reduce((sum, count) => sum + count, 0);
  const total = sumUpTo(counts.length);
  if (wanted <= total) return counts[index] ?? 0;
  const share = (end: number) => Math.round((sumUpTo(end) * wanted) / total);
  return share(index + 1) - share(index);
}
