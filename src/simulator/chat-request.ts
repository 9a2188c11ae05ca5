import type { JsonValue } from '../json.ts';

export interface PromptMessage {
  role: string;
  content: string;
}

/** A body of `POST /chat/completions`, as far as the simulator goes by it. */
export interface ChatRequest {
  model: string;
  messages: PromptMessage[];
  stream: boolean;
  includeUsage: boolean;
  /** vLLM's extension: usage so far in every chunk. */
  continuousUsage: boolean;
  maxTokens: number | null;
  tools: { name: string; parameters: string[] }[];
  toolsRequired: boolean;
}

/** Why a body was refused, as the 400 says it. */
export interface RequestProblem {
  problem: string;
  param: string | null;
}

type Fields = Record<string, JsonValue | undefined>;

function isFields(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Content is a string, or a list of parts of which the text ones count. */
function textOf(content: JsonValue | undefined): string | undefined {
  if (typeof content === 'string') return content;
  if (content === null || content === undefined) return '';
  if (!Array.isArray(content)) return undefined;
  return content
    .map((part) => (isFields(part) && typeof part.text === 'string' ? part.text : ''))
    .join('');
}

function parseMessages(value: JsonValue | undefined): PromptMessage[] | RequestProblem {
  if (!Array.isArray(value) || value.length === 0) {
    return { problem: "'messages' must be a non-empty array", param: 'messages' };
  }
  const messages: PromptMessage[] = [];
  for (const [index, message] of value.entries()) {
    const content = isFields(message) ? textOf(message.content) : undefined;
    if (!isFields(message) || typeof message.role !== 'string' || content === undefined) {
      return { problem: 'a message needs a role and content', param: `messages[${index}]` };
    }
    messages.push({ role: message.role, content });
  }
  return messages;
}

function parseTools(value: JsonValue | undefined): ChatRequest['tools'] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((tool) => {
    const declared = isFields(tool) && isFields(tool.function) ? tool.function : undefined;
    if (typeof declared?.name !== 'string') return [];
    const schema = isFields(declared.parameters) ? declared.parameters.properties : undefined;
    return [{ name: declared.name, parameters: isFields(schema) ? Object.keys(schema) : [] }];
  });
}

/** Reads a request's body; every mistake that a real server answers with 400 is a problem. */
export function parseChatRequest(body: string): ChatRequest | RequestProblem {
  let fields: Fields;
  try {
    const parsed = JSON.parse(body) as JsonValue;
    if (!isFields(parsed)) return { problem: 'the body must be a JSON object', param: null };
    fields = parsed;
  } catch {
    return { problem: 'the body is not valid JSON', param: null };
  }
  if (typeof fields.model !== 'string' || fields.model === '') {
    return { problem: "'model' must be a string", param: 'model' };
  }
  const messages = parseMessages(fields.messages);
  if (!Array.isArray(messages)) return messages;
  const limit = fields.max_completion_tokens ?? fields.max_tokens ?? null;
  if (limit !== null && !(typeof limit === 'number' && Number.isInteger(limit) && limit >= 1)) {
    return { problem: "'max_tokens' must be a whole number of at least 1", param: 'max_tokens' };
  }
  const streamOptions = isFields(fields.stream_options) ? fields.stream_options : {};
  const tools = parseTools(fields.tools);
  return {
    model: fields.model,
    messages,
    stream: fields.stream === true,
    includeUsage: streamOptions.include_usage === true,
    continuousUsage: streamOptions.continuous_usage_stats === true,
    maxTokens: limit,
    tools: fields.tool_choice === 'none' ? [] : tools,
    toolsRequired: fields.tool_choice === 'required' || isFields(fields.tool_choice),
  };
}
