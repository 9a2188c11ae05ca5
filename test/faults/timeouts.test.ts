import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Tape } from '../../src/capture/tape.ts';
import type { RequestLimits } from '../../src/config/types.ts';
import { requestOf, senderOf } from '../capture/sending.ts';
import { type FaultEndpoints, startFaultEndpoints } from './endpoints.ts';
import { FAULT_SIZES, HTTP2, promptOf, type Wire } from './fault.ts';
import { faultNamed } from './rows.ts';

/** Of the whole: long after two hundred streams have begun. */
const LIMIT_MS = process.env.FAULT_TIMEOUTS === 'whole' ? 1500 : 400;
const LONG: RequestLimits = {
  connectMs: 20_000,
  firstTokenMs: 20_000,
  stallMs: 20_000,
  totalMs: 30_000,
  ...FAULT_SIZES,
};
/** The whole of it is `npm run faults:timeouts`, on a machine with nothing else to do. */
const isWhole = process.env.FAULT_TIMEOUTS === 'whole';
const WIRES: readonly Wire[] = isWhole ? ['http', 'https', 'h2'] : ['http'];
const STREAMS = isWhole ? [1, 200] : [3];
/** Of the best of them: a busy machine is late with some, a limit that is not kept with all. */
const LATE_MOST_MS = 250;

let endpoints: FaultEndpoints;
beforeAll(async () => {
  endpoints = await startFaultEndpoints();
});
afterAll(() => endpoints.close());

const CASES = [
  'handshake-hangs',
  'no-headers',
  'no-event',
  'role-chunks-only',
  'comments-only',
  'stall',
  'stall-with-comments',
  'stall-after-finish',
  'endless-in-time',
].flatMap((name) =>
  WIRES.filter((wire) => faultNamed(name).over.includes(wire)).flatMap((wire) =>
    STREAMS.map((streams) => ({ name, wire, streams })),
  ),
);

/** From when the limit is counted: the start, or the last read that brought more than a comment. */
function countedFromMs({ arrivalsMs, arrivalBytes, body }: Tape, isStall: boolean): number {
  if (!isStall) return 0;
  let offset = 0;
  let fromMs = 0;
  for (const [index, bytes] of arrivalBytes.entries()) {
    const text = Buffer.from(body.subarray(offset, offset + bytes)).toString();
    if (!text.startsWith(':')) fromMs = arrivalsMs[index] ?? 0;
    offset += bytes;
  }
  return fromMs;
}

test.each(CASES)('$name over $wire, $streams at once', async ({ name, wire, streams }) => {
  const fault = faultNamed(name);
  const { limit = 'totalMs', outcome } = fault.expected;
  const sender = senderOf({
    baseUrl: endpoints.baseUrl(fault, wire),
    protocol: HTTP2.includes(wire) ? 'h2' : 'http/1.1',
    ca: endpoints.ca,
    limits: { ...LONG, [limit]: LIMIT_MS },
  });
  try {
    // Handshakes keep this thread busy, which plays the server too: connections are open by then.
    const isReached = fault.at === undefined;
    const warmUp = Array.from({ length: isReached ? streams : 0 }, () => sender.send(requestOf()));
    await Promise.all(warmUp.map(({ finished }) => finished));
    const tapes = await Promise.all(
      Array.from({ length: streams }, (_, n) => {
        const content = promptOf(fault, `${name}-${streams}-${n}`);
        return sender.send(requestOf({ messages: [{ role: 'user', content }] })).finished;
      }),
    );
    const lateMs = tapes
      .map((tape) => tape.end.atMs - countedFromMs(tape, limit === 'stallMs') - LIMIT_MS)
      .sort((a, b) => a - b);
    expect(new Set(tapes.map(({ end }) => end.code))).toEqual(new Set([outcome]));
    // Never early, so that what is recorded is a true lower bound.
    expect(lateMs[0]).toBeGreaterThanOrEqual(0);
    expect(lateMs[0]).toBeLessThan(LATE_MOST_MS);
    if (isWhole) {
      const at = (p: number): string =>
        (lateMs[Math.floor(p * (lateMs.length - 1))] ?? 0).toFixed(1);
      console.log(`| ${name} | ${wire} | ${streams} | ${at(0.5)} | ${at(1)} |`);
    }
  } finally {
    await sender.close();
  }
});
