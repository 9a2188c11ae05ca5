import { rulesSchema } from '../../suite/rule-schema.ts';
import { checkedValue } from '../checked-value.ts';
import { isCutOff, right, ungraded, wrong } from '../judgement.ts';
import { IFEVAL_RULES } from '../rules/ifeval/index.ts';
import { OWN_RULES } from '../rules/own.ts';
import { forGood, type Verdict, verdict } from '../rules/verdict.ts';
import type { Grader } from '../types.ts';

type Check = (text: string, argument: unknown) => Verdict;

const OWN = OWN_RULES as Record<string, Check>;
/** These see the blanks at the ends of the answer, too, as the original does. */
const IFEVAL = IFEVAL_RULES as Record<string, Check>;

/**
 * The answer keeps rules about its form: right where it keeps all, scored by the share that it keeps.
 * One that was cut off is wrong where what is there cannot be mended, else ungraded.
 */
export const rule: Grader = (answered, { value }) => {
  const checked = checkedValue(rulesSchema, value);
  if (checked === null) return ungraded('the rules are not what this version takes');
  const text = answered.text.replace(/\r\n?/g, '\n');
  const verdicts = Object.entries(checked).map(([name, argument]) =>
    verdictOn(text, name, argument),
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

function verdictOn(text: string, name: string, argument: unknown): Verdict {
  const trimmed = text.trim();
  if (trimmed === '') return forGood(false, 'is empty');
  return OWN[name]?.(trimmed, argument) ?? IFEVAL[name]?.(text, argument) ?? verdict(null, name);
}
