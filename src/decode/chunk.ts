import type { DialectName } from '../config/types.ts';
import type { JsonValue } from '../json.ts';
import type { ServerError } from './error-body.ts';
import type { Usage } from './types.ts';

/** A piece of a tool call; `index` is `null` where the server does not number its calls. */
export interface ToolCallDelta {
  index: number | null;
  id: string | null;
  name: string;
  arguments: string;
}

/** What one event of a stream says, whatever the dialect. Text that did not come is empty. */
export interface ChunkReading {
  content: string;
  reasoning: string;
  toolCalls: ToolCallDelta[];
  finishReason: string | null;
  usage: Usage | null;
  error: ServerError | null;
  /** Choices beside the measured one were in it. */
  otherChoices: boolean;
}

/** How one kind of endpoint writes its events. Without state: an event is read by itself. */
export interface Dialect {
  name: DialectName;
  /**
   * Reads the JSON of one `message` event; anything that it does not know is passed over. Neither
   * this nor the next is bound to `this`, so that they can be handed on by themselves.
   */
  read: (json: JsonValue) => ChunkReading;
  /**
   * Whether the JSON of a `message` event carries text of the model: content, reasoning or a tool
   * call. True for the same events as make a `TokenEvent`.
   */
  carriesToken: (json: unknown) => boolean;
}

/** A reading of nothing, but for what is given. */
export function readingOf(parts: Partial<ChunkReading>): ChunkReading {
  return {
    content: '',
    reasoning: '',
    toolCalls: [],
    finishReason: null,
    usage: null,
    error: null,
    otherChoices: false,
    ...parts,
  };
}

/** Whether a reading holds any text of the model. */
export function hasText(reading: ChunkReading): boolean {
  if (reading.content !== '' || reading.reasoning !== '') return true;
  return reading.toolCalls.some((call) => call.name !== '' || call.arguments !== '');
}
