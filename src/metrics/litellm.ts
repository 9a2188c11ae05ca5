import type { RequestRecord } from './types.ts';

type LitellmFields = Pick<RequestRecord, Extract<keyof RequestRecord, `litellm_${string}`>>;

/**
 * What a LiteLLM proxy says of a request in its response headers.
 * @param headers lower-case names
 */
export function litellmFields(headers: Record<string, string>): LitellmFields {
  return {
    litellm_call_id: headers['x-litellm-call-id'] ?? null,
    litellm_model_id: headers['x-litellm-model-id'] ?? null,
    litellm_attempted_retries: numberIn(headers['x-litellm-attempted-retries']),
    litellm_attempted_fallbacks: numberIn(headers['x-litellm-attempted-fallbacks']),
    litellm_overhead_ms: numberIn(headers['x-litellm-overhead-duration-ms']),
  };
}

function numberIn(header: string | undefined): number | null {
  if (header === undefined || header.trim() === '') return null;
  const value = Number(header);
  return Number.isFinite(value) ? value : null;
}
