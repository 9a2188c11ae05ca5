import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SIMULATED_MODELS } from '../../src/simulator/profiles.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { type LiteLlm, startLiteLlm } from './litellm.ts';
import { type Cut, startRelay } from './relay.ts';

/**
 * What docs/litellm.md says of the pinned version, held against it: the assertions that tell
 * whether a newer pin behaves differently.
 */

const MASTER_KEY = 'sk-e2e-master';
const UPSTREAM_KEY = 'e2e-upstream';
const MODEL = 'Qwen2.5-7B-chat';

let simulator: Simulator;
let proxy: LiteLlm;

beforeAll(async () => {
  simulator = await startSimulator({
    keys: { [UPSTREAM_KEY]: 'all' },
    profile: 'fast',
    logRequests: true,
  });
  proxy = await startLiteLlm({
    upstreamUrl: simulator.url,
    upstreamKey: UPSTREAM_KEY,
    models: [...SIMULATED_MODELS, 'no-such-model'],
    masterKey: MASTER_KEY,
  });
});
afterAll(async () => {
  await proxy?.close();
  await simulator?.close();
});

interface Answer {
  status: number;
  headers: Headers;
  /** What came, also where the connection broke off. */
  body: string;
  broken: boolean;
  /** Completion requests that the simulator saw meanwhile. */
  hits: number;
}

async function ask(
  model: string,
  headers: Record<string, string> = {},
  baseUrl = proxy.url,
): Promise<Answer> {
  const before = simulator.stats().requests;
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${MASTER_KEY}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify({
      model,
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: 'What is 17 + 25? Think aloud.' }],
    }),
  });
  let body = '';
  let broken = false;
  try {
    for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? [])
      body += text;
  } catch {
    broken = true;
  }
  const hits = simulator.stats().requests - before;
  return { status: response.status, headers: response.headers, body, broken, hits };
}

interface Chunk {
  error?: { message: string };
  usage?: { prompt_tokens: number; completion_tokens: number };
  choices?: { delta: Record<string, string>; finish_reason?: string }[];
}

function chunksOf(body: string): Chunk[] {
  return [...body.matchAll(/^data: (\{.*\})$/gm)].map(([, json]) => JSON.parse(json ?? ''));
}

const isDone = ({ body }: Answer): boolean => body.endsWith('data: [DONE]\n\n');

describe('a stream through the proxy', () => {
  test.each(SIMULATED_MODELS)(
    '%s: usage is what was sent, in a chunk before [DONE]',
    async (model) => {
      const answer = await ask(model);
      expect(answer).toMatchObject({ status: 200, hits: 1, broken: false });
      expect(isDone(answer)).toBe(true);
      const sent = simulator.stats().log.at(-1);
      const last = chunksOf(answer.body).at(-1);
      expect(last?.usage?.completion_tokens).toBe(sent?.completion_tokens);
      expect(last?.usage?.prompt_tokens).toBe(sent?.prompt_tokens);
      expect(last?.choices).toHaveLength(1);
    },
  );

  test('reasoning_content of R1 and <think> of its distills come through', async () => {
    const deltas = chunksOf((await ask('DeepSeek-R1')).body).map(
      (chunk) => chunk.choices?.[0]?.delta,
    );
    expect(deltas.some((delta) => delta?.reasoning_content)).toBe(true);
    const distill = chunksOf((await ask('DeepSeek-R1-Distill-Qwen-32B')).body);
    const text = distill.map((chunk) => chunk.choices?.[0]?.delta.content ?? '').join('');
    expect(text).toContain('<think>');
  });

  test('says that it neither retried nor fell back', async () => {
    const { headers } = await ask(MODEL);
    expect(headers.get('x-litellm-attempted-retries')).toBe('0');
    expect(headers.get('x-litellm-attempted-fallbacks')).toBe('0');
    expect(headers.get('x-litellm-call-id')).toBeTruthy();
    expect(headers.get('x-litellm-model-id')).toBeTruthy();
  });
});

describe('refusals', () => {
  test.each(['400', '401', '403', '404', '408', '422', '429', '500', '503'])(
    '%s keeps its status, without a retry, and the model stays in service',
    async (fault) => {
      const answer = await ask(MODEL, { 'x-simulate-fault': fault });
      expect(answer).toMatchObject({ status: Number(fault), hits: 1 });
      expect(await ask(MODEL)).toMatchObject({ status: 200, hits: 1 });
    },
  );

  test('a model that the upstream does not know is a 404', async () => {
    expect(await ask('no-such-model')).toMatchObject({ status: 404, hits: 1 });
  });

  test('a model that the proxy does not know is its own 400', async () => {
    const answer = await ask('not-configured');
    expect(answer).toMatchObject({ status: 400, hits: 0 });
    expect(answer.body).toContain('Invalid model name');
  });
});

describe('what becomes of a fault behind the proxy', () => {
  test.each(['stream_error_before', 'stream_error_after', 'malformed_json'])(
    '%s: an error object in the stream, no [DONE]',
    async (fault) => {
      const answer = await ask(MODEL, { 'x-simulate-fault': fault });
      expect(answer).toMatchObject({ status: 200, hits: 1, broken: false });
      expect(chunksOf(answer.body).at(-1)?.error).toBeDefined();
      expect(isDone(answer)).toBe(false);
    },
  );

  test.each(['reset_mid_stream', 'truncated_chunked', 'truncated_length'])(
    '%s: a cut that breaks the framing becomes an error object too',
    async (fault) => {
      const answer = await ask(MODEL, { 'x-simulate-fault': fault });
      expect(answer).toMatchObject({ status: 200, hits: 1, broken: false });
      expect(chunksOf(answer.body).at(-1)?.error?.message).toContain('payload is not completed');
      expect(isDone(answer)).toBe(false);
    },
  );

  test.each(['truncated', 'truncated_json', 'flat_error'])(
    '%s: cannot be seen, finish_reason and [DONE] are made up',
    async (fault) => {
      const answer = await ask(MODEL, { 'x-simulate-fault': fault });
      expect(answer).toMatchObject({ status: 200, hits: 1, broken: false });
      const chunks = chunksOf(answer.body);
      expect(chunks.some(({ error }) => error !== undefined)).toBe(false);
      expect(chunks.some(({ choices }) => choices?.[0]?.finish_reason === 'stop')).toBe(true);
      expect(isDone(answer)).toBe(true);
    },
  );
});

test.each<Cut>(['fin', 'rst'])(
  'a %s between client and proxy leaves a broken body',
  async (how) => {
    const relay = await startRelay(proxy.port);
    try {
      relay.cutAfterBytes(3_000, how);
      const baseUrl = proxy.url.replace(String(proxy.port), String(relay.port));
      const cut = await ask(MODEL, {}, baseUrl);
      expect(cut).toMatchObject({ status: 200, broken: true });
      expect(chunksOf(cut.body).length).toBeGreaterThan(2);
      expect(isDone(cut)).toBe(false);
      expect(isDone(await ask(MODEL, {}, baseUrl))).toBe(true);
      expect(relay.accepted()).toBe(2);
    } finally {
      await relay.close();
    }
  },
);
