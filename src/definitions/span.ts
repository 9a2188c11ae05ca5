import type { Reply } from './types.ts';

/** From where to where a request counts in its tool's duration, from its start; `null`: nowhere. */
export interface Span {
  fromMs: number | null;
  toMs: number | null;
}

/** From its start to the end of its body. */
export function wholeSpan({ endMs }: Reply): Span {
  return { fromMs: 0, toMs: endMs };
}

export function startOnly(): Span {
  return { fromMs: 0, toMs: null };
}

export function noSpan(): Span {
  return { fromMs: null, toMs: null };
}
