/** A value that JSON can carry. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | JsonValue[]
  | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** What JSON lets stand in a text though it acts on a terminal, or hides there; joiners as well, for nothing is lost. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}]/gu;

/**
 * JSON that can be printed anywhere: characters that would act on a terminal, and what the runner of a CI
 * job would take for a command, are escaped. Who parses it gets the same value.
 * @param space as `JSON.stringify` has it: 2 for a document that a person may read
 */
export function jsonText(value: unknown, space?: number): string {
  return JSON.stringify(value, null, space)
    .replace(UNSEEN, (found) => (found === '\n' ? found : unitsOf(found)))
    .replace(/##(?=\w*\[)/g, '#\\u0023');
}

function unitsOf(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
