import { readYaml } from '../diagnostics/yaml.ts';
import { messageOf } from '../errors.ts';
import { planHash } from '../plan/hash.ts';
import { baselineFrom, baselineSchema } from './schema.ts';
import type { Baseline } from './types.ts';

export type ParsedBaseline = { baseline: Baseline } | { problem: string };

/**
 * Reads a baseline file.
 * @param file as a problem names it
 * @returns the baseline, or one sentence that says where in the file something is wrong, and what
 */
export function parseBaseline(text: string, file: string): ParsedBaseline {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return { problem: syntaxProblem(text, file, error) };
  }
  const read = baselineSchema.safeParse(data);
  if (!read.success) return { problem: schemaProblem(text, file) };
  const { plan_hash, rows, samples } = read.data;
  const astray = samples.findIndex(({ row }) => row >= rows.length);
  if (astray !== -1) {
    return { problem: `${at(text, file, ['samples', astray, 'row'])} there is no such row` };
  }
  const baseline = baselineFrom(read.data);
  if (baseline.plan !== null && planHash(baseline.plan) !== plan_hash) {
    const place = at(text, file, ['plan_hash']);
    return { problem: `${place} plan_hash: it is not that of the plan below it` };
  }
  return { baseline };
}

/** Two branches that both wrote the file are the likeliest cause; YAML knows places where JSON does not. */
function syntaxProblem(text: string, file: string, error: unknown): string {
  const conflict = text.split('\n').findIndex((each) => /^(<{7}|={7}|>{7})( |$)/.test(each));
  if (conflict !== -1) return `${file}:${conflict + 1}:1 a conflict of a merge stands in it`;
  const [first] = readYaml(text, file, baselineSchema).problems;
  if (first === undefined || first.path !== '') return `${file}: not JSON: ${messageOf(error)}`;
  return `${file}:${first.line}:${first.column} ${first.message}`;
}

function schemaProblem(text: string, file: string): string {
  const [first] = readYaml(text, file, baselineSchema).problems;
  if (first === undefined) return `${file}: not a baseline`;
  return `${file}:${first.line}:${first.column} ${first.path}: ${first.message}`;
}

function at(text: string, file: string, path: (string | number)[]): string {
  const { line, column } = readYaml(text, file, baselineSchema).locate(path);
  return `${file}:${line}:${column}`;
}
