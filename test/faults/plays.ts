import { data } from '../decode/tapes.ts';
import type { Exchange, HeadParts } from './exchange.ts';

export type PlayFault = (exchange: Exchange) => unknown;

/** What was written has reached the client by then, so that no reset takes it back. */
const ARRIVED_MS = 40;
/** Longer than any limit; the client ends it. */
const TICK_MS = 25;

/** A stream of these pieces, ended properly. */
export const stream =
  (...pieces: (string | Uint8Array)[]): PlayFault =>
  async (exchange) => {
    await exchange.head();
    for (const piece of pieces) await exchange.send(piece);
    await exchange.end();
  };

/** A stream of these pieces that breaks off. */
export const cut =
  (how: 'fin' | 'reset' | 'cutOff', pieces: readonly string[], parts: HeadParts = {}): PlayFault =>
  async (exchange) => {
    await exchange.head(parts);
    for (const piece of pieces) await exchange.send(piece);
    await exchange.wait(ARRIVED_MS);
    exchange[how]();
  };

/** A stream of these pieces that never ends; the last of them again and again where `ticks`. */
export const hanging =
  (pieces: readonly string[], { ticks = false } = {}): PlayFault =>
  async (exchange) => {
    await exchange.head();
    for (const piece of pieces) await exchange.send(piece);
    while (ticks && exchange.open) {
      await exchange.wait(TICK_MS);
      await exchange.send(pieces.at(-1) ?? '');
    }
  };

/** Pieces one by one, each after so long. */
export const paced =
  (everyMs: number, ...pieces: string[]): PlayFault =>
  async (exchange) => {
    await exchange.head();
    for (const piece of pieces) {
      await exchange.wait(everyMs);
      await exchange.send(piece);
    }
    await exchange.end();
  };

/** A whole response that is no event stream, or none that is good for anything. */
export const whole =
  (body: string, status = 200, headers: Record<string, string> = {}): PlayFault =>
  async (exchange) => {
    const length = String(Buffer.byteLength(body));
    await exchange.head({
      status,
      framing: 'counted',
      headers: { 'content-length': length, ...headers },
    });
    if (body !== '') await exchange.send(body);
    await exchange.end();
  };

/** An error object under a status that says so. */
export const refusal = (
  status: number,
  message: string,
  headers: Record<string, string> = {},
): PlayFault =>
  whole(JSON.stringify({ error: { message } }), status, {
    'content-type': 'application/json',
    ...headers,
  });

/** Bytes as they are, over HTTP/1.1 only. */
export const raw =
  (...pieces: string[]): PlayFault =>
  async ({ peer }) => {
    for (const piece of pieces) await peer?.write(piece);
  };

/** The same up to its end, and then the end of the connection. */
export const rawCut =
  (how: 'fin' | 'reset', ...pieces: string[]): PlayFault =>
  async (exchange) => {
    await raw(...pieces)(exchange);
    await exchange.wait(ARRIVED_MS);
    exchange[how]();
  };

export const ERROR = data({ error: { message: 'overloaded', type: 'server_error', code: 503 } });
