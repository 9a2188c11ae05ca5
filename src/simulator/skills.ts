/** How often a model is right, in place of its profile's figure. */
export interface SkillSetting {
  /** Probability of a right answer, 0 to 1. */
  skill: number;
  /** All models by default. */
  model?: string;
}

/**
 * Reads `SKILL` or `SKILL@MODEL`, as `0.8@DeepSeek-R1`.
 * @returns the setting, or what is wrong with the text
 */
export function parseSkill(text: string): SkillSetting | { problem: string } {
  const [, number = '', model] = /^([^@]*)(?:@(.+))?$/.exec(text.trim()) ?? [];
  const skill = Number(number);
  if (number.trim() === '' || !(skill >= 0 && skill <= 1)) {
    return { problem: `'${number}' is no probability from 0 to 1` };
  }
  return { skill, ...(model === undefined ? {} : { model }) };
}

/** The last setting that holds for a model; `undefined` where none does. */
export function skillOf(model: string, settings: readonly SkillSetting[]): number | undefined {
  return settings.findLast((setting) => setting.model === undefined || setting.model === model)
    ?.skill;
}
