import type { z } from 'zod';
import { didYouMean } from './format.ts';
import { issueText, oneOf, valueNoun, wanted } from './issue-text.ts';
import { keysAt } from './schema-keys.ts';

type Issue = z.core.$ZodIssue;

/** A mistake found by a schema, before it has a place in a file. */
export interface SchemaProblem {
  path: (string | number)[];
  /** Whether the key at `path` is wrong, or its value. */
  part: 'key' | 'value';
  message: string;
  remedy?: string;
}

/**
 * Checks `value` and says all that is wrong with it. A schema's own check may carry a remedy in
 * `params: {remedy}`.
 */
export function checkSchema<T>(
  value: unknown,
  schema: z.ZodType<T>,
): { value: T | undefined; problems: SchemaProblem[] } {
  const result = schema.safeParse(value, { reportInput: true, error: issueText });
  if (result.success) return { value: result.data, problems: [] };
  const problems = result.error.issues.flatMap((issue) => fromIssue(issue, schema, []));
  return { value: undefined, problems };
}

function fromIssue(
  issue: Issue,
  schema: z.core.$ZodType,
  prefix: readonly PropertyKey[],
): SchemaProblem[] {
  const path = [...prefix, ...issue.path].map((step) =>
    typeof step === 'symbol' ? String(step) : step,
  );
  const problem = (message: string, remedy?: string): SchemaProblem[] => [
    { path, part: 'value', message, ...(remedy === undefined ? {} : { remedy }) },
  ];
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownKeys(issue, schema, path);
    case 'invalid_union':
      return fromUnion(issue, schema, path);
    case 'invalid_value': {
      const values = issue.values.map(String);
      return problem(
        issue.message,
        typeof issue.input === 'string' ? didYouMean(issue.input, values) : undefined,
      );
    }
    case 'invalid_key': {
      const [first] = issue.issues;
      return [{ path, part: 'key', message: first?.message ?? issue.message }];
    }
    case 'custom': {
      const remedy: unknown = issue.params?.remedy;
      return problem(issue.message, typeof remedy === 'string' ? remedy : undefined);
    }
    default:
      return problem(issue.message);
  }
}

function unknownKeys(
  issue: z.core.$ZodIssueUnrecognizedKeys,
  schema: z.core.$ZodType,
  path: (string | number)[],
): SchemaProblem[] {
  const known = keysAt(schema, path).filter((key) => !Object.hasOwn(issue.input ?? {}, key));
  const otherwise = known.length === 0 ? 'remove it' : `known here: ${known.join(', ')}`;
  return issue.keys.map((key) => ({
    path: [...path, key],
    part: 'key',
    message: 'unknown key',
    remedy: didYouMean(key, known) ?? otherwise,
  }));
}

/** The complaints of the alternative that was meant; where none fits, what all of them want. */
function fromUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  schema: z.core.$ZodType,
  path: (string | number)[],
): SchemaProblem[] {
  const at = (message: string, remedy?: string): SchemaProblem[] => [
    { path, part: 'value', message, ...(remedy === undefined ? {} : { remedy }) },
  ];
  if (issue.input === undefined && issue.discriminator === undefined) {
    return at('required, but missing');
  }
  if ('options' in issue && issue.discriminator !== undefined) {
    return fromDiscriminator(issue, at);
  }
  const meant = meantAlternative(issue.errors);
  if (meant !== undefined) return meant.flatMap((inner) => fromIssue(inner, schema, path));

  const atRoot = issue.errors.flat().filter((inner) => inner.path.length === 0);
  const wants = oneOf(atRoot.map(wanted).filter((each) => each !== undefined));
  const literals = atRoot.flatMap((each) =>
    each.code === 'invalid_value' ? each.values.map(String) : [],
  );
  const remedy = typeof issue.input === 'string' ? didYouMean(issue.input, literals) : undefined;
  const isText = typeof issue.input === 'string' && literals.length > 0;
  return at(`must be ${wants}, not ${isText ? 'other text' : valueNoun(issue.input)}`, remedy);
}

function fromDiscriminator(
  issue: z.core.$ZodIssueInvalidUnion & { options?: unknown[]; discriminator?: string | undefined },
  at: (message: string, remedy?: string) => SchemaProblem[],
): SchemaProblem[] {
  const options = (issue.options ?? []).map(String);
  const input = issue.input as Record<string, unknown> | undefined;
  const given = input?.[issue.discriminator ?? ''];
  if (given === undefined) return at(`required, but missing: ${oneOf(options)}`);
  return at(
    `must be ${oneOf(options)}`,
    typeof given === 'string' ? didYouMean(given, options) : undefined,
  );
}

/** Of the alternatives that take this kind of value at all, the one with the least to complain of. */
function meantAlternative(alternatives: Issue[][]): Issue[] | undefined {
  const ofThisKind = alternatives.filter(
    (issues) => !issues.some((issue) => issue.path.length === 0 && wanted(issue) !== undefined),
  );
  const isOther = (issues: Issue[]): number =>
    issues.some((issue) => issue.path.length === 1 && issue.code === 'invalid_value') ? 1 : 0;
  return ofThisKind.sort((a, b) => isOther(a) - isOther(b) || a.length - b.length)[0];
}
