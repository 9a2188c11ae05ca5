import { rulesSchema } from '../../suite/rule-schema.ts';
import { checkedValue } from '../checked-value.ts';
import { isCutOff, right, ungraded, wrong } from '../judgement.ts';
import { IFEVAL_RULES } from '../rules/ifeval/index.ts';
import { OWN_RULES } from '../rules/own.ts';
import type { Verdict } from '../rules/verdict.ts';
import type { Grader } from '../types.ts';
import { readsText } from './reads-text.ts';

type Check = (text: string, argument: unknown) => Verdict;

/** Every rule by its name. */
const CHECKS = { ...OWN_RULES, ...IFEVAL_RULES } as Record<string, Check>;

/**
 * The answer keeps rules about its form: right where it keeps all, scored by the share that it keeps.
 * One that was cut off is wrong where what is there cannot be mended, else ungraded.
 */
export const rule: Grader = readsText((spoken, { value }, answered) => {
  const rules = checkedValue(rulesSchema, value);
  if (rules === null) return ungraded('the rules are not what this version takes');
  const text = spoken.replace(/\r\n?/g, '\n');
  const verdicts = Object.entries(rules).flatMap(
    ([name, argument]) => CHECKS[name]?.(text, argument) ?? [],
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
});
