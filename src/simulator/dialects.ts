import type { ChunkKind } from './chunking.ts';

/** Tokens of one reply as the server counted them. */
export interface TokenCounts {
  promptTokens: number;
  completionTokens: number;
  reasoningTokens: number;
}

/** Writes the events of one stream; an empty string where a dialect has no such event. */
export interface DialectWriter {
  role(): string;
  /** @param index of the choice, 0 but for replies of several */
  text(kind: ChunkKind, text: string, counts: TokenCounts | null, index?: number): string;
  /** Announces a call whose arguments follow as text of kind `tool_call`. */
  toolCall(name: string): string;
  finish(reason: string): string;
  usage(counts: TokenCounts): string;
  error(message: string, code: number): string;
  done(): string;
}

/** The `usage` object of the OpenAI API. */
export function usageOf(counts: TokenCounts): object {
  return {
    prompt_tokens: counts.promptTokens,
    completion_tokens: counts.completionTokens,
    total_tokens: counts.promptTokens + counts.completionTokens,
    prompt_tokens_details: { cached_tokens: 0 },
    ...(counts.reasoningTokens > 0 && {
      completion_tokens_details: { reasoning_tokens: counts.reasoningTokens },
    }),
  };
}

const DONE = 'data: [DONE]\n\n';

/** OpenAI chat completion chunks, as vLLM writes them. */
export function openaiDialect(id: string, model: string, createdS: number): DialectWriter {
  const about = `{"id":${JSON.stringify(id)},"object":"chat.completion.chunk","created":${createdS},"model":${JSON.stringify(model)}`;
  const chunk = (delta: string, finish = 'null', index = 0, tail = ''): string =>
    `data: ${about},"choices":[{"index":${index},"delta":{${delta}},"logprobs":null,"finish_reason":${finish}}]${tail}}\n\n`;
  const deltas: Record<ChunkKind, (text: string) => string> = {
    content: (text) => `"content":${text}`,
    reasoning: (text) => `"reasoning_content":${text}`,
    tool_call: (text) => `"tool_calls":[{"index":0,"function":{"arguments":${text}}}]`,
  };
  return {
    role: () => chunk('"role":"assistant","content":""'),
    text: (kind, text, counts, index = 0) => {
      const tail = counts ? `,"usage":${JSON.stringify(usageOf(counts))}` : '';
      return chunk(deltas[kind](JSON.stringify(text)), 'null', index, tail);
    },
    toolCall: (name) =>
      chunk(
        `"tool_calls":[{"index":0,"id":"call_${id}","type":"function","function":{"name":${JSON.stringify(name)},"arguments":""}}]`,
      ),
    finish: (reason) => chunk('', JSON.stringify(reason)),
    usage: (counts) =>
      `data: ${about},"choices":[],"usage":${JSON.stringify(usageOf(counts))}}\n\n`,
    error: (message, code) =>
      `data: ${JSON.stringify({ error: { message, type: 'server_error', param: null, code } })}\n\n`,
    done: () => DONE,
  };
}

/** A string as Python's `json.dumps` writes it: ASCII only. */
function asciiJson(text: string): string {
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** What an application built by the marketplace's recipe sends its own clients: content alone. */
export function wrapperDialect(): DialectWriter {
  const event = (key: string, text: string): string => `data: {"${key}": ${asciiJson(text)}}\n\n`;
  return {
    role: () => '',
    text: (kind, text) => (kind === 'content' ? event('content', text) : ''),
    toolCall: () => '',
    finish: () => '',
    usage: () => '',
    error: (message) => event('error', message),
    done: () => DONE,
  };
}
