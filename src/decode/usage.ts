import type { JsonValue } from '../json.ts';
import { objectIn } from './error-body.ts';
import type { Usage } from './types.ts';

/** A usage block under any of its field names; `null` where it counts nothing. */
export function usageIn(value: JsonValue | undefined): Usage | null {
  const fields = objectIn(value);
  if (fields === undefined) return null;
  const promptDetails = objectIn(fields.prompt_tokens_details);
  const completionDetails = objectIn(fields.completion_tokens_details);
  const usage: Usage = {
    promptTokens: firstCount(fields.prompt_tokens, fields.input_tokens),
    completionTokens: firstCount(fields.completion_tokens, fields.output_tokens),
    reasoningTokens: firstCount(completionDetails?.reasoning_tokens, fields.reasoning_tokens),
    cachedPromptTokens: firstCount(promptDetails?.cached_tokens, fields.prompt_cache_hit_tokens),
  };
  return Object.values(usage).every((count) => count === null) ? null : usage;
}

/**
 * Whether a usage block contradicts itself or the reply: more reasoning tokens than completion
 * tokens, or no completion token beside text. What it says of the completion is then unknown.
 */
export function contradicts(usage: Usage, replyHasText: boolean): boolean {
  const { completionTokens, reasoningTokens } = usage;
  if (completionTokens === null) return false;
  return completionTokens < (reasoningTokens ?? 0) || (completionTokens === 0 && replyHasText);
}

function firstCount(...values: (JsonValue | undefined)[]): number | null {
  const isCount = (value: JsonValue | undefined): value is number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  const count = values.find(isCount);
  // -0 is a count too, and no other one than 0.
  return count === undefined ? null : count + 0;
}
