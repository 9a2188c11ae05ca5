/** What a value of a stored line may be. */
export interface Kind {
  /** After «must be». */
  form: string;
  fits(value: unknown): boolean;
}

/** The kind of each field; what a shape does not name may be anything, for versions to come. */
export type Shape<Line> = { [Field in keyof Required<Line>]: Kind };

/**
 * What is wrong with a value as such a line: the first fault, as `ttft_ms must be a number, not text`.
 * A file that was changed by hand, or by a disk that fails, is to be refused, and never counted.
 * @returns `null` where it fits. What it quotes of the value is its kind alone.
 */
export function shapeFault(value: unknown, shape: Readonly<Record<string, Kind>>): string | null {
  if (!isPlainObject(value)) return `must be an object, not ${kindOf(value)}`;
  for (const field in shape) {
    const kind = shape[field] as Kind;
    const given = Object.hasOwn(value, field) ? value[field] : undefined;
    if (kind.fits(given)) continue;
    return `${field} must be ${kind.form}, ${given === undefined ? 'but is missing' : `not ${kindOf(given)}`}`;
  }
  return null;
}

export const TEXT: Kind = { form: 'text', fits: (value) => typeof value === 'string' };
export const FLAG: Kind = { form: 'true or false', fits: (value) => typeof value === 'boolean' };
/** JSON may hold `1e999`, which is no number that can be summed. */
export const NUMBER: Kind = { form: 'a number', fits: (value) => Number.isFinite(value) };
export const AMOUNT: Kind = {
  form: 'a number of at least 0',
  fits: (value) => Number.isFinite(value) && (value as number) >= 0,
};
export const COUNT: Kind = {
  form: 'a whole number of at least 0',
  fits: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
};
export const OBJECT: Kind = { form: 'an object', fits: isPlainObject };

export function orNull({ form, fits }: Kind): Kind {
  return { form: `${form} or null`, fits: (value) => value === null || fits(value) };
}

/** May be absent. */
export function optional({ form, fits }: Kind): Kind {
  return { form, fits: (value) => value === undefined || fits(value) };
}

export function oneOf(words: readonly (string | number)[]): Kind {
  const known = new Set<unknown>(words);
  const listed = words.length > 6 ? 'one of the words known' : words.join(' or ');
  return { form: listed, fits: (value) => known.has(value) };
}

export function listOf({ form, fits }: Kind): Kind {
  return {
    form: `a list, each of it ${form}`,
    fits: (value) => Array.isArray(value) && value.every(fits),
  };
}

/** Each value of an object that is a dictionary. */
export function valuesOf({ form, fits }: Kind): Kind {
  return {
    form: `an object, each value ${form}`,
    fits: (value) => isPlainObject(value) && Object.values(value).every(fits),
  };
}

/** An object of a shape of its own. */
export function shaped<Line>(shape: Shape<Line>): Kind {
  return {
    form: `an object with ${Object.keys(shape).join(', ')}`,
    fits: (value) => shapeFault(value, shape) === null,
  };
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return 'other text';
  return typeof value === 'number' ? 'another number' : String(value);
}
