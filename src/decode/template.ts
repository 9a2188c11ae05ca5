import type { JsonValue } from '../json.ts';
import type { ChunkReading } from './chunk.ts';
import { parseJson } from './parse-json.ts';

/** A JSON string that stands for itself: nothing in it is escaped or ends it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON allows none in a string
const PLAIN = /^[^"\\\u0000-\u001f]*$/;

type TextField = 'content' | 'reasoning';

/**
 * The events of one stream are alike to the letter, but for their text. Once one of them has been
 * parsed, the next ones can be read by comparing what stands before and behind the text: a third of
 * the cost of parsing, and the same reading, because one JSON string has taken the place of another.
 */
export class ChunkTemplate {
  readonly #before: string;
  readonly #behind: string;
  readonly #reading: ChunkReading;
  readonly #field: TextField;

  private constructor(before: string, behind: string, reading: ChunkReading, field: TextField) {
    this.#before = before;
    this.#behind = behind;
    this.#reading = reading;
    this.#field = field;
  }

  /**
   * Makes a template of an event that carries plain text in one place.
   * @param data the event's JSON, and `reading` what `read` made of it
   * @returns `null` where another text in that place would be read as anything else than just that
   */
  static of(
    data: string,
    reading: ChunkReading,
    read: (json: JsonValue) => ChunkReading,
  ): ChunkTemplate | null {
    const field = reading.content === '' ? 'reasoning' : 'content';
    const text = reading[field];
    const at = data.indexOf(`"${text}"`);
    if (text === '' || at === -1 || !PLAIN.test(text)) return null;
    const before = data.slice(0, at + 1);
    const behind = data.slice(at + 1 + text.length);
    // The same text may stand somewhere else in the event: only the reader knows where it looks.
    const other = `${text}~`;
    const json = parseJson(before + other + behind);
    if (json === undefined) return null;
    const expected = { ...reading, [field]: other };
    if (JSON.stringify(read(json)) !== JSON.stringify(expected)) return null;
    return new ChunkTemplate(before, behind, reading, field);
  }

  /** What the event says; `undefined` where it is not like the one that the template was made of. */
  read(data: string): ChunkReading | undefined {
    const from = this.#before.length;
    const to = data.length - this.#behind.length;
    if (to < from || !data.startsWith(this.#before) || !data.endsWith(this.#behind)) {
      return undefined;
    }
    const raw = data.slice(from, to);
    const text = PLAIN.test(raw) ? raw : parseJson(`"${raw}"`);
    return typeof text === 'string' ? { ...this.#reading, [this.#field]: text } : undefined;
  }
}
