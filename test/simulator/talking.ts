import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import type { JsonObject } from '../../src/json.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../src/simulator/server.ts';

/** Runs with a simulator at test speed, and closes it whatever happens. */
export async function withSimulator<T>(
  options: SimulatorOptions,
  use: (simulator: Simulator) => Promise<T>,
): Promise<T> {
  const simulator = await startSimulator({ profile: 'fast', ...options });
  try {
    return await use(simulator);
  } finally {
    await simulator.close();
  }
}

export interface Asking {
  model?: string;
  prompt?: string;
  key?: string | null;
  path?: string;
  fault?: string;
  body?: JsonObject;
}

export function bodyOf(asking: Asking): string {
  return JSON.stringify({
    model: asking.model ?? 'Qwen2.5-7B-chat',
    messages: [{ role: 'user', content: asking.prompt ?? 'How should I learn to swim?' }],
    stream: true,
    stream_options: { include_usage: true },
    ...asking.body,
  });
}

export function headersOf(asking: Asking): Record<string, string> {
  return {
    'content-type': 'application/json',
    ...(asking.key !== null && { authorization: `Bearer ${asking.key ?? 'sk-test'}` }),
    ...(asking.fault !== undefined && { 'x-simulate-fault': asking.fault }),
  };
}

/** A completion request by fetch, its redirects left alone. */
export function ask(simulator: Simulator, asking: Asking = {}): Promise<Response> {
  const url = new URL(asking.path ?? '/v1/chat/completions', simulator.url);
  return fetch(url, {
    method: 'POST',
    headers: headersOf(asking),
    body: bodyOf(asking),
    redirect: 'manual',
  });
}

/** What came over a bare socket, as Latin-1, and how the connection ended. */
export interface RawReply {
  text: string;
  ended: 'fin' | 'reset' | 'open';
}

/** Sends one request over a socket of its own and listens until it ends, or for `listenMs`. */
export function askRaw(
  simulator: Simulator,
  asking: Asking = {},
  listenMs = 10_000,
): Promise<RawReply> {
  const body = bodyOf(asking);
  const headers = {
    host: 'simulator',
    // Makes a clean end visible as FIN.
    connection: 'close',
    'content-length': Buffer.byteLength(body),
    ...headersOf(asking),
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const path = asking.path ?? '/v1/chat/completions';
  return new Promise((resolve) => {
    const socket = connect(simulator.port, '127.0.0.1');
    const pieces: Buffer[] = [];
    const settle = (ended: RawReply['ended']): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text: Buffer.concat(pieces).toString('latin1'), ended });
    };
    const timer = setTimeout(() => settle('open'), listenMs);
    socket.on('data', (bytes) => pieces.push(bytes));
    socket.on('end', () => settle('fin'));
    socket.on('error', () => settle('reset'));
    socket.write(`POST ${path} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n${body}`);
  });
}

/** Starts a stream by `node:http` and resolves at its first bytes. */
export function beginStream(
  simulator: Simulator,
  asking: Asking = {},
): Promise<{ leave(): void; ended: Promise<number> }> {
  return new Promise((resolve, reject) => {
    const sending = httpRequest(
      new URL('/v1/chat/completions', simulator.url),
      { method: 'POST', headers: headersOf(asking), agent: false },
      (response) => {
        let bytes = 0;
        const ended = new Promise<number>((done) => {
          response.on('close', () => done(bytes));
        });
        response.on('error', () => {});
        response.on('data', (piece: Buffer) => {
          bytes += piece.length;
          resolve({ leave: () => sending.destroy(), ended });
        });
      },
    );
    sending.on('error', reject);
    sending.end(bodyOf(asking));
  });
}

export interface StreamChunk {
  choices: {
    index: number;
    delta: {
      role?: string;
      content?: string;
      reasoning_content?: string;
      tool_calls?: { function: { name?: string; arguments: string } }[];
    };
    finish_reason: string | null;
  }[];
  usage?: {
    prompt_tokens: number;
    completion_tokens: number;
    total_tokens: number;
    completion_tokens_details?: { reasoning_tokens: number };
  };
}

/** The JSON events of a stream without fault, in order. */
export function chunksOf(text: string): StreamChunk[] {
  return [...text.matchAll(/^data: (\{.*)$/gm)].map(([, json]) => JSON.parse(json as string));
}

export function contentOf(text: string): string {
  return chunksOf(text)
    .map((chunk) => chunk.choices[0]?.delta.content ?? '')
    .join('');
}

/** Waits for something that other sockets bring about; fails after five seconds. */
export async function eventually(holds: () => boolean): Promise<void> {
  for (const deadline = performance.now() + 5_000; !holds(); ) {
    if (performance.now() > deadline) throw new Error('it did not come true');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
