/** How a stream was cut off. */
export type Cut = 'clean' | 'reset' | 'truncated' | 'stalled';

export const CUTS: readonly Cut[] = ['clean', 'reset', 'truncated', 'stalled'];

/**
 * Whether a stream's terminal stands in its bytes, by the rules and not by the product's decoder: an
 * event `[DONE]`, whatever came after it, its blank line or line end perhaps missing; or a
 * `finish_reason` of the first choice, where the body then ended as its framing says.
 * @param bytes as the server wrote them, decompressed
 */
export function terminalStands(bytes: Uint8Array, cut: Cut): boolean {
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  const events = text.replace(/\r\n?/g, '\n').split('\n\n');
  if (events.some((event) => dataOf(event) === '[DONE]')) return true;
  if (cut !== 'clean') return false;
  // What the last blank line did not complete was never sent.
  return events.slice(0, -1).some((event) => finishes(dataOf(event)));
}

/** An event's data; of one of a type of its own none that counts. */
function dataOf(event: string): string | null {
  const lines = event.split('\n');
  if (lines.some((line) => /^event: ?(?!message$)./.test(line))) return null;
  const data = lines.filter((line) => line.startsWith('data:'));
  return data.length === 0 ? null : data.map((line) => line.replace(/^data: ?/, '')).join('\n');
}

function finishes(data: string | null): boolean {
  try {
    const { choices } = JSON.parse(data ?? '');
    return choices.some(
      (choice: { index?: number; finish_reason?: unknown }) =>
        (choice.index ?? 0) === 0 && typeof choice.finish_reason === 'string',
    );
  } catch {
    return false;
  }
}
