import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineBatches } from '../../src/store/lines.ts';

async function linesOf(text: string, cuts: number[]): Promise<string[]> {
  const bytes = Buffer.from(text);
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
  const lines: string[] = [];
  const stream = Readable.from(chunks.filter((chunk) => chunk.length > 0));
  for await (const batch of lineBatches(stream)) lines.push(...batch);
  return lines;
}

test('are the same wherever the reads cut them, in the middle of a character too', async () => {
  const line = fc.stringMatching(/^[a-zé日😀"\r]{0,12}$/u);
  const cuts = fc.array(fc.nat(200), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), line, cuts, async (whole, last, where) => {
      const text = whole.map((each) => `${each}\n`).join('') + last;
      expect(await linesOf(text, where)).toEqual(last === '' ? whole : [...whole, last]);
    }),
  );
});
