import type { Expectation } from '../suite/types.ts';

const VALUE_CHARACTERS = 300;

/** What a suite expects, as a reader would write it: `equals 42`; `null` where it expects nothing. */
export function expectationText(expect: readonly Expectation[]): string | null {
  if (expect.length === 0) return null;
  return expect.map(textOf).join('; ');
}

function textOf({ type, value, weight: _, threshold: __, ...options }: Expectation): string {
  if (value !== undefined) return `${type} ${shortened(value)}`;
  return Object.keys(options).length === 0 ? type : `${type} ${shortened(options)}`;
}

function shortened(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= VALUE_CHARACTERS ? text : `${text.slice(0, VALUE_CHARACTERS)}…`;
}
