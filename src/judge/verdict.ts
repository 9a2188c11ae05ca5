import { lettered, type Scale } from './scale.ts';
import type { OptionOrder } from './types.ts';

/** `VERDICT: A` or the bare letter, dressed up in Markdown or brackets as models do it. */
const VERDICT =
  /^[\s*_`#>"'([{$\\]*(?:verdict\s*[*_`]*\s*[:：]\s*)?[\s*_`"'([{]*([A-E])[\s*_`"')\]}.。!$]*$/i;

export interface Verdict {
  letter: string;
  /** Of the option that the letter stands for, 0 to 1. */
  score: number;
}

/**
 * Reads the verdict off the last line of a judge's reply; whatever stands above it is not looked at, as
 * a judge that reasons may quote both the options and the answer.
 * @returns `null` where that line is no verdict
 */
export function readVerdict(reply: string, scale: Scale, order: OptionOrder): Verdict | null {
  const last = reply.trimEnd().split('\n').at(-1) ?? '';
  const letter = VERDICT.exec(last)?.[1]?.toUpperCase();
  const option = lettered(scale, order).find((one) => one.letter === letter);
  return option === undefined ? null : { letter: option.letter, score: option.score };
}
