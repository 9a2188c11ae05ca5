import { createHash, type Hash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import type { Problem } from '../diagnostics/types.ts';
import { createRandom, type Random } from '../random.ts';
import { generateCases, grownCount, merged } from './generate.ts';
import { importData } from './import.ts';
import { addExamples } from './judge-examples.ts';
import type { SuiteSource } from './read.ts';
import type { CaseEntry, SuiteFile } from './schema.ts';
import { turnsOf } from './turns.ts';
import type { Case, Suite } from './types.ts';

export interface DrawOptions {
  /** The run's seed: the same one draws the same cases. */
  seed: string;
  /**
   * How many cases are wanted. Fewer than the suite has: an even sample in its order. More: the
   * generated part grows, its first cases staying as they are; a suite without one does not.
   */
  requests?: number | undefined;
}

/** A suite that could be drawn, or the problems why it could not. */
export type DrawnSuite = { suite: Suite; problems: [] } | { suite: undefined; problems: Problem[] };

/**
 * Draws a suite's cases: written ones, then generated ones, then imported ones.
 * @param source a suite file read without problems
 */
export function drawSuite(
  name: string,
  source: SuiteSource & { file: SuiteFile },
  options: DrawOptions,
): DrawnSuite {
  const { file } = source;
  const problems: Problem[] = [];
  const hash = createHash('sha256').update(source.text);
  const written = (file.cases ?? []).map((entry) => writtenCase(entry, file));
  const random = createRandom(options.seed).fork(`suite/${name}`);
  const ids = new Set(written.map(({ id }) => id));
  const imported = importCases(source, ids, problems, hash, random);
  const fixed = written.length + imported.length;
  const prompts = new Set(written.map(({ turns }) => turns.map(({ text }) => text).join('\n')));
  const generated = (file.generate ?? []).flatMap((entry, index) => {
    const count = grownCount(file, index, (options.requests ?? 0) - fixed);
    const cases = generateCases(entry, count, file, random, prompts);
    if (cases.length < count) problems.push(exhausted(source, index, cases.length));
    return cases;
  });
  const numbered = new Set(generated.map(({ id }) => id));
  for (const { id } of [...written, ...imported].filter((each) => numbered.has(each.id))) {
    problems.push({
      ...placeOf(source, ['generate']),
      message: `the id ${id} is that of a generated case too`,
      remedy: 'give the generated cases an id_prefix',
    });
  }
  const cases = [...written, ...generated, ...imported];
  for (const index of addExamples(cases, file.judge_examples ?? [])) {
    problems.push({
      ...placeOf(source, ['judge_examples', index, 'rubric']),
      message: 'no expectation has this rubric',
      remedy: 'write it as the value of a model-graded expectation is',
    });
  }
  if (problems.length > 0) return { suite: undefined, problems };
  const suite: Suite = {
    name,
    description: file.description,
    nonce: file.nonce,
    cases: evenSample(cases, options.requests),
    hash: hash.digest('hex'),
    ...audienceOf(file),
  };
  return { suite, problems: [] };
}

function writtenCase(entry: CaseEntry, file: SuiteFile): Case {
  return {
    id: entry.id,
    system: entry.system ?? file.system ?? null,
    turns: turnsOf(entry),
    ...merged(file, entry),
  };
}

function importCases(
  source: SuiteSource & { file: SuiteFile },
  ids: Set<string>,
  problems: Problem[],
  hash: Hash,
  random: Random,
): Case[] {
  const { file } = source;
  return (file.data ?? []).flatMap((entry, index) => {
    const place = placeOf(source, ['data', index, 'file']);
    const data = importData(entry, dirname(source.path), place, random.fork(`data/${index}`), {
      isNamed: resolve(entry.file) === resolve(source.path),
    });
    hash.update(`\0${data.bytes.length}\0`).update(data.bytes);
    problems.push(...data.problems);
    return data.records.map(({ id, line, system, turns, tags = [] }) => {
      if (ids.has(id)) {
        const message = `the id ${id} is taken already`;
        problems.push({ file: data.path, line, column: 1, path: '', message });
      }
      ids.add(id);
      const own = { ...entry, tags: [...(entry.tags ?? []), ...tags] };
      return {
        ...{ id, turns, ...merged(file, own) },
        system: system ?? entry.system ?? file.system ?? null,
      };
    });
  });
}

/** `wanted` of the items at equal distances, so that each part of the suite keeps its share. */
function evenSample<T>(items: T[], wanted: number | undefined): T[] {
  if (wanted === undefined || wanted >= items.length) return items;
  const step = items.length / wanted;
  return Array.from({ length: wanted }, (_, index) => items[Math.floor(index * step)] as T);
}

function exhausted(source: SuiteSource, index: number, drawn: number): Problem {
  return {
    ...placeOf(source, ['generate', index, 'count']),
    message: `the family has only ${drawn} different cases left at this difficulty`,
    remedy: 'ask for fewer, or for a range of difficulties',
  };
}

function placeOf(source: SuiteSource, path: (string | number)[]): Omit<Problem, 'message'> {
  return { file: source.path, ...source.locate(path), path: path.join('.') };
}

function audienceOf(file: SuiteFile): Pick<Suite, 'audience' | 'graded'> {
  const all = file.for === undefined && file.not_for === undefined;
  return {
    ...(!all && { audience: { tags: file.for?.tags ?? [], notTags: file.not_for?.tags ?? [] } }),
    ...(file.not_graded_for && { graded: { tags: [], notTags: file.not_graded_for.tags } }),
  };
}
