import { type OutgoingRequest, Sender, type SenderOptions } from '../../src/capture/sender.ts';
import type { Tape } from '../../src/capture/tape.ts';
import type { RequestLimits } from '../../src/config/types.ts';
import { dialectOf } from '../../src/decode/dialect.ts';
import { inflateTape } from '../../src/decode/inflate.ts';
import { outcomeOf } from '../../src/decode/outcome.ts';
import { decodeTape } from '../../src/decode/reply.ts';
import type { DecodedReply, Outcome } from '../../src/decode/types.ts';
import { chunk, DONE } from '../decode/tapes.ts';
import { type FaultServer, type Play, startFaultServer } from './fault-server.ts';

const LIMITS: RequestLimits = {
  connectMs: 3000,
  firstTokenMs: 5000,
  stallMs: 5000,
  totalMs: 10_000,
  bodyBytes: 64 * 1024 * 1024,
  inFlightBytes: 512 * 1024 * 1024,
  eventBytes: 8 * 1024 * 1024,
  events: 200_000,
  headerBytes: 64 * 1024,
};

export interface SenderParts extends Partial<SenderOptions['target']> {
  ca?: string;
  limits?: Partial<RequestLimits>;
}

export function senderOf({ ca, limits, ...target }: SenderParts & { baseUrl: string }): Sender {
  return new Sender({
    target: {
      path: '/chat/completions',
      apiKey: 'sk-secret',
      headers: {},
      protocol: 'http/1.1',
      ...target,
    },
    ca,
    limits: { ...LIMITS, ...limits },
    carriesToken: dialectOf('openai').carriesToken,
    runOriginNs: process.hrtime.bigint(),
  });
}

let sent = 0;

export function requestOf(parts: Partial<OutgoingRequest> = {}): OutgoingRequest {
  sent += 1;
  return {
    requestId: `r${sent}`,
    model: 'some-model',
    messages: [{ role: 'user', content: 'Hello' }],
    parameters: {},
    scheduledAtMs: performance.now(),
    turnDelayMs: null,
    ...parts,
  };
}

/** A finished request and all that is made of it. */
export interface Sent {
  tape: Tape;
  reply: DecodedReply;
  outcome: Outcome;
}

export async function read(tape: Tape): Promise<Sent> {
  const plain = tape.headers['content-encoding'] === undefined ? tape : await inflateTape(tape);
  const reply = decodeTape(plain, 'openai');
  return { tape, reply, outcome: outcomeOf(plain, reply) };
}

export async function send(sender: Sender, parts: Partial<OutgoingRequest> = {}): Promise<Sent> {
  return read(await sender.send(requestOf(parts)).finished);
}

/** Plays one request against a server of its own, and closes both. */
export async function play(
  script: Play,
  parts: SenderParts = {},
): Promise<Sent & { server: FaultServer }> {
  const server = await startFaultServer(script);
  const sender = senderOf({ baseUrl: `http://127.0.0.1:${server.port}/v1`, ...parts });
  try {
    return { ...(await send(sender)), server };
  } finally {
    await sender.close();
    await server.close();
  }
}

export const ROLE = chunk({ role: 'assistant', content: '' });
export const HELLO = chunk({ content: 'Hello' });
export const WORLD = chunk({ content: ' world' });
export const FINISH = chunk({}, { finish_reason: 'stop' });
export const REPLY = ROLE + HELLO + WORLD + FINISH + DONE;

/** Polls until it holds; fails after two seconds. */
export async function eventually(holds: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 2000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
