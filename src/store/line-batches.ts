const LINE_BREAK = 0x0a;

/**
 * Lines of a byte stream, those that one read completes together, the last one also without its end:
 * a step of an asynchronous generator for each of a million lines would take seconds. Only whole
 * lines are decoded, so no character is cut in two.
 * @throws what the stream throws
 */
export async function* lineBatches(stream: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    const end = chunk.lastIndexOf(LINE_BREAK);
    if (end === -1) {
      rest = Buffer.concat([rest, chunk]);
      continue;
    }
    const first = chunk.indexOf(LINE_BREAK);
    const lines = first === end ? [] : chunk.toString('utf8', first + 1, end).split('\n');
    yield [Buffer.concat([rest, chunk.subarray(0, first)]).toString('utf8'), ...lines];
    rest = Buffer.from(chunk.subarray(end + 1));
  }
  if (rest.length > 0) yield [rest.toString('utf8')];
}
