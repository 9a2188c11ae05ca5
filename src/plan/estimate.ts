import type { Model } from '../config/types.ts';
import type { JsonObject } from '../json.ts';
import type { ChatMessage } from '../suite/types.ts';
import type { PlannedRequest } from './types.ts';

/** Chat templates add a few tokens to each message. */
const TEMPLATE_TOKENS_PER_MESSAGE = 16;
/** `[tokentape nonce …]` and its line break. */
const NONCE_LINE_BYTES = 64;

export interface CostUpper {
  promptTokensUpper: number;
  /** `null` where no `max_tokens` bounds the answer. */
  outputTokensUpper: number | null;
  /** `null` without a price or a bound. */
  costUpperUsd: number | null;
}

/**
 * Upper estimate of one request. A token is at least one byte of UTF-8, so the bytes of a prompt
 * bound its tokens from above (some three to four times too high for English).
 * @param historyTokensUpper of all sent before in the conversation, answers included; 0 on the first turn
 */
export function estimateUpper(
  messages: readonly ChatMessage[],
  historyTokensUpper: number,
  parameters: JsonObject,
  model: Model,
): CostUpper {
  // Parameters are in the prompt as well where they describe tools.
  const toolTokensUpper = 'tools' in parameters ? JSON.stringify(parameters.tools).length : 0;
  let promptTokensUpper = historyTokensUpper;
  if (historyTokensUpper === 0) promptTokensUpper += NONCE_LINE_BYTES + toolTokensUpper;
  for (const { content } of messages) {
    promptTokensUpper += Buffer.byteLength(content) + TEMPLATE_TOKENS_PER_MESSAGE;
  }
  const limit = parameters.max_completion_tokens ?? parameters.max_tokens;
  const outputTokensUpper = typeof limit === 'number' ? limit : null;
  const costUpperUsd =
    model.price === null || outputTokensUpper === null
      ? null
      : (promptTokensUpper * model.price.input_per_mtok +
          outputTokensUpper * model.price.output_per_mtok) /
        1e6;
  return { promptTokensUpper, outputTokensUpper, costUpperUsd };
}

/**
 * Planned requests with their upper estimates, which no stored plan has.
 * @param requests the turns of a conversation in their order
 * @param modelOf whose price makes the cost
 */
export function withUpperCosts(
  requests: Iterable<PlannedRequest>,
  modelOf: (request: PlannedRequest) => Model,
): PlannedRequest[] {
  const histories = new Map<string, number>();
  return Array.from(requests, (request) => {
    const { conversationId, messages, parameters } = request;
    const history = histories.get(conversationId) ?? 0;
    const upper = estimateUpper(messages, history, parameters, modelOf(request));
    histories.set(conversationId, upper.promptTokensUpper + (upper.outputTokensUpper ?? 0));
    return {
      ...request,
      costUpperUsd: upper.costUpperUsd,
      outputTokensUpper: upper.outputTokensUpper,
    };
  });
}
