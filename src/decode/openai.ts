import type { JsonObject, JsonValue } from '../json.ts';
import {
  type ChunkReading,
  type Dialect,
  hasText,
  readingOf,
  type ToolCallDelta,
} from './chunk.ts';
import { errorInChunk, objectIn } from './error-body.ts';
import { usageIn } from './usage.ts';

/**
 * OpenAI chat completions, as OpenAI, LiteLLM, vLLM, SGLang, llama.cpp, DeepSeek and OpenRouter
 * stream them, legacy completions (`text`) included.
 */
export const openaiDialect: Dialect = {
  name: 'openai',
  read: readChunk,
  carriesToken: (json) => hasText(readChunk(json as JsonValue)),
};

function readChunk(json: JsonValue): ChunkReading {
  const chunk = objectIn(json);
  if (chunk === undefined) return readingOf({});
  const error = errorInChunk(chunk) ?? null;
  const choices = Array.isArray(chunk.choices) ? chunk.choices.map(objectIn) : [];
  const measured = choices.find((choice) => choice !== undefined && indexOf(choice) === 0);
  const otherChoices = choices.some((choice) => choice !== undefined && choice !== measured);
  // Moonshot puts its usage into the choice.
  const usage = usageIn(chunk.usage) ?? usageIn(measured?.usage);
  if (measured === undefined) return readingOf({ usage, error, otherChoices });

  const delta = objectIn(measured.delta) ?? objectIn(measured.message) ?? {};
  const { content, thinking } = readContent(delta.content);
  return {
    content: content + textOf(delta.refusal) + textOf(measured.text),
    reasoning: readReasoning(delta) + thinking,
    toolCalls: readToolCalls(delta),
    finishReason: textOf(measured.finish_reason) || null,
    usage,
    error,
    otherChoices,
  };
}

function indexOf(choice: JsonObject): JsonValue {
  return choice.index ?? 0;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Content is text or a list of parts; Mistral's reasoning is a part of type `thinking`. */
function readContent(value: JsonValue | undefined): { content: string; thinking: string } {
  if (!Array.isArray(value)) return { content: textOf(value), thinking: '' };
  let content = '';
  let thinking = '';
  for (const item of value) {
    const part = objectIn(item);
    if (part?.type === 'thinking' || part?.type === 'reasoning') thinking += textIn(part);
    else content += textIn(item);
  }
  return { content, thinking };
}

/** Text in a part, or in a list of parts, under any of the names that servers give it. */
function textIn(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return value.map((part) => textOf(part) || textInPart(part)).join('');
  return textOf(value) || textInPart(value);
}

function textInPart(value: JsonValue | undefined): string {
  const part = objectIn(value);
  if (part === undefined) return '';
  for (const text of [part.text, part.content, part.summary, part.refusal]) {
    if (typeof text === 'string') return text;
  }
  // One level of nesting is known: `{"type": "thinking", "thinking": [{"text": "…"}]}`.
  if (typeof part.thinking === 'string') return part.thinking;
  return Array.isArray(part.thinking)
    ? part.thinking.map((inner) => textOf(objectIn(inner)?.text)).join('')
    : '';
}

/** Servers between two spellings send the same text under both: it counts once. */
function readReasoning(delta: JsonObject): string {
  const older = textIn(delta.reasoning_content);
  const newer = textIn(delta.reasoning);
  const text = older === newer ? older : older + newer;
  return text || textIn(delta.reasoning_details);
}

function readToolCalls(delta: JsonObject): ToolCallDelta[] {
  if (delta.tool_calls === undefined && delta.function_call === undefined) return [];
  const calls = Array.isArray(delta.tool_calls) ? delta.tool_calls : [];
  const deltas: ToolCallDelta[] = [];
  for (const item of calls) {
    const call = objectIn(item);
    if (call === undefined) continue;
    const index = typeof call.index === 'number' ? call.index : null;
    deltas.push(toolCallDelta(index, textOf(call.id) || null, objectIn(call.function)));
  }
  const legacy = objectIn(delta.function_call);
  if (legacy !== undefined) deltas.push(toolCallDelta(0, null, legacy));
  return deltas;
}

function toolCallDelta(
  index: number | null,
  id: string | null,
  call: JsonObject | undefined,
): ToolCallDelta {
  return { index, id, name: textOf(call?.name), arguments: textOf(call?.arguments) };
}
