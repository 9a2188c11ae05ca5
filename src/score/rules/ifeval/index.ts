import type { IfevalRule } from '../../../suite/rule-schema.ts';
import type { Verdict } from '../verdict.ts';
import { FORMAT_RULES } from './format.ts';
import { LANGUAGE_RULES } from './language.ts';
import { SHAPE_RULES } from './shape.ts';
import { WORD_RULES } from './words.ts';

/**
 * The 25 instructions of IFEval, by their ids and with their arguments, as its source has them: strict,
 * on the answer as it is.
 * @see https://github.com/google-research/google-research/tree/master/instruction_following_eval
 */
export const IFEVAL_RULES = {
  ...WORD_RULES,
  ...FORMAT_RULES,
  ...SHAPE_RULES,
  ...LANGUAGE_RULES,
} satisfies Record<IfevalRule, (text: string, argument: never) => Verdict>;
