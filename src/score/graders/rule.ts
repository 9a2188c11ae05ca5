import type { Rules } from '../../suite/rule-schema.ts';
import { isCutOff, right, ungraded, wrong } from '../judgement.ts';
import { IFEVAL_RULES } from '../rules/ifeval/index.ts';
import { OWN_RULES } from '../rules/own.ts';
import { forGood, type Verdict } from '../rules/verdict.ts';
import type { Grader } from '../types.ts';

type Check = (text: string, argument: unknown) => Verdict;

/** Every rule by its name; that an argument suits it, reading the suite made sure. */
const CHECKS = { ...OWN_RULES, ...IFEVAL_RULES } as Record<keyof Rules, Check>;

/**
 * The answer keeps rules about its form: right where it keeps all, scored by the share that it keeps.
 * One that was cut off is wrong where what is there cannot be mended, else ungraded.
 */
export const rule: Grader = (answered, { value }) => {
  const rules = Object.entries(value as Rules) as [keyof Rules, unknown][];
  const text = answered.text.replace(/\r\n?/g, '\n').trim();
  const verdicts = rules.map(([name, argument]) =>
    text === '' ? forGood(false, 'is empty') : CHECKS[name](text, argument),
  );
  const broken = verdicts.filter(({ kept }) => kept === false);
  const cutOff = isCutOff(answered);
  const decisive = cutOff ? broken.find(({ final }) => final) : broken[0];
  if (decisive !== undefined) {
    const score = verdicts.filter(({ kept }) => kept === true).length / verdicts.length;
    return { ...wrong(decisive.fault), score };
  }
  if (cutOff) return ungraded('cut off');
  const doubtful = verdicts.find(({ kept }) => kept === null);
  return doubtful === undefined ? right() : ungraded(doubtful.fault);
};
