import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SseDecoder, type SseEvent } from '../../src/decode/sse.ts';

interface Case {
  id: string;
  name: string;
  input_b64: string;
  chunks_b64?: string[];
  expected_full: SseEvent[];
}

/** Splitting at every place costs the square of the length. */
const SPLIT_BYTES_MAX = 4096;

const file = new URL('../../../shared/conformance/sse-cases.json', import.meta.url);
const found = existsSync(file);
if (!found) console.warn('skipped: no conformance cases beside this checkout');
const cases: Case[] = found ? JSON.parse(readFileSync(file, 'utf8')) : [];

function decode(...pushes: Uint8Array[]): SseEvent[] {
  const events: SseEvent[] = [];
  const sse = new SseDecoder((event) => events.push(event));
  for (const bytes of pushes) sse.push(bytes);
  sse.end();
  return events;
}

describe.skipIf(!found)('published event-stream cases', () => {
  test('are there', () => {
    expect(cases.length).toBeGreaterThanOrEqual(231);
  });

  test.each(cases.map((each) => [each.id, each.name, each] as const))(
    '%s %s',
    (_id, _name, each) => {
      const body = Buffer.from(each.input_b64, 'base64');
      expect(decode(body)).toEqual(each.expected_full);
      expect(decode(...Array.from(body, (byte) => Uint8Array.of(byte)))).toEqual(
        each.expected_full,
      );
      if (each.chunks_b64 !== undefined) {
        const chunks = each.chunks_b64.map((chunk) => Buffer.from(chunk, 'base64'));
        expect(decode(...chunks)).toEqual(each.expected_full);
      }
      if (body.length > SPLIT_BYTES_MAX) return;
      for (let at = 0; at <= body.length; at++) {
        const events = decode(body.subarray(0, at), body.subarray(at));
        // Deep comparison by the test library is too slow for some thousand splits.
        expect(JSON.stringify(events)).toBe(JSON.stringify(each.expected_full));
      }
    },
  );
});
