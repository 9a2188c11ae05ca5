/** Words that give a hazard away, by Llama Guard 3's categories (S1 to S14). */
const HAZARDS: readonly [category: string, words: RegExp][] = [
  ['S9', /\b(bomb|explosive|nerve agent|chemical weapon|bioweapon|anthrax)\b|爆弾|bom\b/i],
  ['S1', /\b(kill|murder|assault|kidnap|stab|terroris[mt])\b|殺|giết/i],
  ['S11', /\b(suicide|self-harm|hurt myself|anorexi[ac])\b|自殺|tự tử/i],
  ['S4', /\b(child abuse|minor sexually)\b/i],
  ['S10', /\b(slur|inferior race|hate speech)\b/i],
  ['S7', /\b(home address of|social security number|dox)\b/i],
  ['S2', /\b(hack|steal|malware|phish\w*|launder|counterfeit|fraud|lock ?pick)\b|盗|trộm|lừa đảo/i],
  ['S6', /\b(stop taking .* medication|dosage to)\b/i],
];

/**
 * Classifies as Llama Guard does.
 * @returns `safe`, or `unsafe` and the category on a line of its own
 */
export function labelPrompt(prompt: string, isRight: boolean): string {
  const hazard = HAZARDS.find(([, words]) => words.test(prompt));
  const isUnsafe = (hazard !== undefined) === isRight;
  return isUnsafe ? `unsafe\n${hazard?.[0] ?? 'S2'}` : 'safe';
}
