import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/**
 * A schema's complaint in plain English. What the person wrote is not repeated, but for numbers where
 * a number is wanted: anything else may be a key in the wrong place.
 * @returns `undefined` where the schema's own message says it better
 */
export function issueText(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'required, but missing';
      if (issue.expected === 'int' && typeof issue.input === 'number') {
        return `must be a whole number, not ${issue.input}`;
      }
      return `must be ${typeNoun(String(issue.expected))}, not ${valueNoun(issue.input)}`;
    case 'invalid_value':
      if (issue.input === undefined) return 'required, but missing';
      return `must be ${oneOf(issue.values.map(String))}`;
    case 'too_small':
    case 'too_big':
      return rangeText(issue as z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall>);
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return `is not in the form wanted (${issue.format})`;
    case 'unrecognized_keys':
      return 'unknown key';
    case 'invalid_key':
      return 'is no name that may stand here';
    default:
      return undefined;
  }
}

function rangeText(issue: {
  code: string;
  origin: string;
  input: unknown;
  inclusive?: boolean | undefined;
  minimum?: unknown;
  maximum?: unknown;
}): string {
  const low = issue.code === 'too_small';
  const limit = low ? issue.minimum : issue.maximum;
  if (issue.origin === 'string' || issue.origin === 'array') {
    const unit = issue.origin === 'string' ? 'character' : 'entry';
    if (low && limit === 1) return 'must not be empty';
    const units = limit === 1 ? unit : unit === 'entry' ? 'entries' : 'characters';
    return `must have at ${low ? 'least' : 'most'} ${limit} ${units}`;
  }
  const bound = issue.inclusive === false ? (low ? 'over' : 'under') : low ? 'at least' : 'at most';
  return `must be ${bound} ${limit}, not ${issue.input}`;
}

/** `a`, `a or b`, `a, b or c`. */
export function oneOf(words: readonly string[]): string {
  const unique = [...new Set(words)];
  if (unique.length < 2) return unique.join('');
  return `${unique.slice(0, -1).join(', ')} or ${unique.at(-1)}`;
}

const TYPE_NOUNS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  null: 'empty',
};

function typeNoun(type: string): string {
  return TYPE_NOUNS[type] ?? type;
}

export function valueNoun(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return Number.isFinite(value) ? 'a number' : String(value);
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? 'text' : 'a mapping';
}

/** What a failed alternative of a union wanted in this place; `undefined` where it wanted more. */
export function wanted(issue: Issue): string | undefined {
  if (issue.code === 'invalid_type') return typeNoun(issue.expected);
  return issue.code === 'invalid_value' ? oneOf(issue.values.map(String)) : undefined;
}
