import type { Latency } from './profiles.ts';

/** Makes every duration of a model so many times as long: 1.1 is a model that is 10 % slower. */
export interface Scale {
  /** Above 0. */
  factor: number;
  /** All models by default. */
  model?: string;
}

const LEAST = 0.01;
const MOST = 100;

/**
 * Reads `FACTOR` or `FACTOR@MODEL`, as `1.1@DeepSeek-R1`.
 * @returns the scale, or what is wrong with the text
 */
export function parseScale(text: string): Scale | { problem: string } {
  const [, number = '', model] = /^([^@]*)(?:@(.+))?$/.exec(text.trim()) ?? [];
  const factor = Number(number);
  if (number.trim() === '' || !(factor >= LEAST && factor <= MOST)) {
    return { problem: `'${number}' is no factor from ${LEAST} to ${MOST}` };
  }
  return { factor, ...(model === undefined ? {} : { model }) };
}

/** Several scales of one model multiply. */
export function factorOf(model: string, scales: readonly Scale[]): number {
  return scales.reduce(
    (product, { factor, model: only }) =>
      only === undefined || only === model ? product * factor : product,
    1,
  );
}

/**
 * The same engine, every duration of it so many times as long: the same requests, sent so many times
 * as far apart, see every token so many times as late. How many streams it runs stays what it is.
 */
export function scaledLatency(latency: Latency, factor: number): Latency {
  return {
    ...latency,
    overheadMs: latency.overheadMs * factor,
    prefillBaseMs: latency.prefillBaseMs * factor,
    prefillMsPer1kTokens: latency.prefillMsPer1kTokens * factor,
    decodeMs: latency.decodeMs * factor,
  };
}
