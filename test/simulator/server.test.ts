import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { SIMULATED_MODELS } from '../../src/simulator/profiles.ts';
import { promptKey, type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { tokenize } from '../../src/simulator/tokens.ts';
import { withNonce } from '../../src/suite/nonce.ts';
import {
  ask,
  beginStream,
  bodyOf,
  chunksOf,
  contentOf,
  eventually,
  type StreamChunk,
  withSimulator,
} from './talking.ts';

const list = async (simulator: Simulator, key: string | null) => {
  const headers = key === null ? {} : { authorization: `Bearer ${key}` };
  const response = await fetch(`${simulator.url}/models`, { headers });
  const body = (await response.json()) as { data?: { id: string }[] };
  return { status: response.status, names: body.data?.map((model) => model.id) };
};

describe('keys', () => {
  const keys = { 'sk-all': 'all' as const, 'sk-two': ['DeepSeek-R1', 'Qwen2.5-7B-chat'] };

  test('each lists what it opens', () =>
    withSimulator({ keys }, async (simulator) => {
      expect(await list(simulator, 'sk-all')).toEqual({ status: 200, names: SIMULATED_MODELS });
      const two = { status: 200, names: ['Qwen2.5-7B-chat', 'DeepSeek-R1'] };
      expect(await list(simulator, 'sk-two')).toEqual(two);
      for (const key of ['sk-no', 'toString', null]) {
        expect((await list(simulator, key)).status).toBe(401);
      }
    }));

  test.each([
    ['all', 200, 12],
    ['missing', 404, undefined],
  ] as const)('a marketplace that lists %s', (models, status, count) =>
    withSimulator({ keys, models }, async (simulator) => {
      const listed = await list(simulator, 'sk-two');
      expect([listed.status, listed.names?.length]).toEqual([status, count]);
    }),
  );

  test.each([
    ['sk-two', 'DeepSeek-R1', 200, undefined],
    ['sk-two', 'Llama-3.1-8B-Instruct', 403, 'model_not_subscribed'],
    ['sk-two', 'gpt-99', 404, 'model_not_found'],
    ['sk-no', 'DeepSeek-R1', 401, 'invalid_api_key'],
    [null, 'DeepSeek-R1', 401, null],
  ])('%s asks %s: %i', (key, model, status, code) =>
    withSimulator({ keys }, async (simulator) => {
      const response = await ask(simulator, { key, model, body: { stream: false } });
      const body = (await response.json()) as { error?: { code: string; message: string } };
      expect([response.status, body.error?.code]).toEqual([status, code]);
    }),
  );
});

test.each([
  ['{', 'not valid JSON'],
  ['[]', 'JSON object'],
  ['{}', "'model'"],
  ['{"model":"DeepSeek-R1"}', "'messages'"],
  ['{"model":"DeepSeek-R1","messages":[{"role":"user","content":7}]}', 'role and content'],
  ['{"model":"DeepSeek-R1","messages":[{"role":"user","content":"x"}],"max_tokens":0}', 'max_tok'],
])('400: %s', (body, told) =>
  withSimulator({}, async (simulator) => {
    const headers = { authorization: 'Bearer k' };
    const response = await fetch(`${simulator.url}/chat/completions`, {
      method: 'POST',
      headers,
      body,
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(told);
  }),
);

test('other routes, and a body that is too large', () =>
  withSimulator({}, async (simulator) => {
    expect(await (await fetch(new URL('/health', simulator.url))).json()).toEqual({ status: 'ok' });
    expect((await fetch(new URL('/v2/x', simulator.url))).status).toBe(404);
    expect((await ask(simulator, { prompt: 'x'.repeat(9 * 2 ** 20) })).status).toBe(413);
  }));

const saidIn = (chunks: StreamChunk[]) => {
  const deltas = chunks.map((chunk) => chunk.choices[0]?.delta);
  return {
    content: deltas.map((delta) => delta?.content ?? '').join(''),
    reasoning: deltas.map((delta) => delta?.reasoning_content ?? '').join(''),
  };
};

describe('a stream', () => {
  test.each(['LLama-3.3-70B-Instruct', 'DeepSeek-R1', 'Qwen2.5-7B-chat'])('%s', (model) =>
    withSimulator({}, async (simulator) => {
      const response = await ask(simulator, { model });
      expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      const text = await response.text();
      expect(text.endsWith('\n\ndata: [DONE]\n\n')).toBe(true);
      const chunks = chunksOf(text);
      expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' });
      expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
      const last = chunks.at(-1);
      expect(last?.choices).toEqual([]);
      const { usage } = last as { usage: NonNullable<(typeof chunks)[0]['usage']> };
      expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens);
      const { content, reasoning } = saidIn(chunks);
      const tokens = tokenize(content).length + tokenize(reasoning).length;
      expect(usage.completion_tokens).toBe(tokens);
      const reasons = chunks.some((chunk) => chunk.choices[0]?.delta.reasoning_content);
      expect(reasons).toBe(model === 'DeepSeek-R1');
      expect(usage.completion_tokens_details !== undefined).toBe(reasons);
    }),
  );

  test('usage so far in every chunk, where asked, ends in the whole', () =>
    withSimulator({}, async (simulator) => {
      const options = { include_usage: true, continuous_usage_stats: true };
      const asking = { model: 'DeepSeek-R1', body: { stream_options: options } };
      const chunks = chunksOf(await (await ask(simulator, asking)).text());
      const counts = chunks.flatMap((chunk) => chunk.usage?.completion_tokens ?? []);
      expect(counts).toEqual([...counts].sort((a, b) => a - b));
      expect(counts.at(-1)).toBe(counts.at(-2));
      expect(counts.length).toBeLessThan(counts.at(-1) as number);
      for (const { usage } of chunks) {
        const reasoned = usage?.completion_tokens_details?.reasoning_tokens ?? 0;
        expect(reasoned).toBeLessThanOrEqual(usage?.completion_tokens ?? 0);
      }
    }));

  test('speed and habits can be changed for all models', () =>
    withSimulator(
      { changes: { latency: { overheadMs: 0 }, habits: { severalTokensPerChunk: 1 } } },
      async (simulator) => {
        const chunks = chunksOf(await (await ask(simulator)).text());
        const tokens = chunks.at(-1)?.usage?.completion_tokens as number;
        // Two or three tokens each, but for the last one; role, finish and usage beside them.
        expect(chunks.length - 3).toBeLessThanOrEqual(Math.ceil(tokens / 2));
      },
    ));

  test('no usage unless asked; cut by max_tokens; the same as without streaming', () =>
    withSimulator({}, async (simulator) => {
      const model = 'DeepSeek-R1-Distill-Qwen-1.5B';
      const body = { stream_options: null, max_completion_tokens: 9 };
      const text = await (await ask(simulator, { model, body })).text();
      expect(text).not.toContain('"usage"');
      expect(text).toContain('"finish_reason":"length"');
      const whole = await ask(simulator, { model, body: { ...body, stream: false } });
      const { choices, usage } = (await whole.json()) as {
        choices: { message: { content: string }; finish_reason: string }[];
        usage: { completion_tokens: number };
      };
      expect(choices[0]?.message.content).toBe(contentOf(text));
      expect([choices[0]?.finish_reason, usage.completion_tokens]).toEqual(['length', 9]);
    }));

  test('a tool call comes in pieces', () =>
    withSimulator({}, async (simulator) => {
      const parameters = { properties: { city: {}, day: {} } };
      const tools = [{ type: 'function', function: { name: 'book', parameters } }];
      const asking = { model: 'SaoLa-Llama3.1-planner', prompt: 'Fly to Hue', body: { tools } };
      const chunks = chunksOf(await (await ask(simulator, asking)).text());
      const calls = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
      expect(calls[0]?.function.name).toBe('book');
      const args = calls.map((call) => call.function.arguments).join('');
      expect(Object.keys(JSON.parse(args))).toEqual(['city', 'day']);
      expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('tool_calls');
    }));

  test('the answer book is followed, and the seed decides', () =>
    withSimulator({}, async (plain) => {
      const prompt = 'Which colour?';
      const answerBook = { [promptKey(prompt)]: { right: 'teal', wrong: 'teal' } };
      await withSimulator({ answerBook, seed: 'other' }, async (informed) => {
        const said = async (simulator: Simulator) =>
          contentOf(await (await ask(simulator, { prompt })).text());
        expect(await said(informed)).toMatch(/Answer: teal$/);
        expect(await said(plain)).toBe(await said(plain));
        await withSimulator({ seed: 'third' }, async (third) => {
          expect(await said(third)).not.toBe(await said(plain));
        });
      });
    }));
});

describe("the seed's wrapper", () => {
  const path = '/wrapper/v1/chat/completions';

  test('content events and [DONE] alone, written as Python writes them', () =>
    withSimulator({}, async (simulator) => {
      const text = await (await ask(simulator, { path, prompt: '春はどうですか。' })).text();
      expect(text).toMatch(/^(data: \{"content": "[ -~]+"\}\n\n)+data: \[DONE\]\n\n$/);
      const content = [...text.matchAll(/^data: (\{.*)$/gm)]
        .map(([, json]) => (JSON.parse(json as string) as { content: string }).content)
        .join('');
      const direct = await (await ask(simulator, { prompt: '春はどうですか。' })).text();
      expect(content).toBe(contentOf(direct));
    }));

  test('errors come in the stream', () =>
    withSimulator({ keys: {} }, async (simulator) => {
      const response = await ask(simulator, { path });
      expect(response.status).toBe(200);
      expect(await response.text()).toBe(
        'data: {"error": "Incorrect API key provided."}\n\ndata: [DONE]\n\n',
      );
    }));
});

describe('stats', () => {
  test('count what was asked and sent, as usage says it', () =>
    withSimulator({ logRequests: true }, async (simulator) => {
      const model = 'DeepSeek-R1';
      const text = await (await ask(simulator, { model })).text();
      const usage = chunksOf(text).at(-1)?.usage;
      await ask(simulator, { model, fault: '429' });
      await (await ask(simulator, { model, fault: 'truncated;after=3' })).text();
      const served = await (await fetch(new URL('/stats', simulator.url))).json();
      expect(served).toEqual(simulator.stats());
      const { requests, in_flight, models, log } = simulator.stats();
      expect([requests, in_flight, log.length]).toEqual([3, 0, 3]);
      expect(models[model]).toMatchObject({
        requests: 3,
        completions: 1,
        reasoning_tokens: usage?.completion_tokens_details?.reasoning_tokens,
      });
      expect(log[0]).toEqual({
        id: 'chatcmpl-sim-1',
        model,
        nonce: null,
        turn: 0,
        status: 200,
        prompt_tokens: usage?.prompt_tokens,
        completion_tokens: usage?.completion_tokens,
        fault: null,
        ended: 'finished',
      });
      expect(log[1]).toMatchObject({ status: 429, completion_tokens: 0, fault: '429' });
      expect(log[2]?.completion_tokens).toBeLessThanOrEqual(9);
    }));

  test('know a request by its nonce and its turn', () =>
    withSimulator({ logRequests: true }, async (simulator) => {
      const messages = withNonce(
        [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'One?' },
          { role: 'assistant', content: 'One.' },
          { role: 'user', content: 'Two?' },
        ],
        'r1-7',
      ).map(({ role, content }) => ({ role, content }));
      await (await ask(simulator, { body: { messages } })).text();
      expect(simulator.stats().log).toMatchObject([{ nonce: 'r1-7', turn: 1 }]);
    }));

  test('a client that leaves frees its slot', () =>
    withSimulator({ logRequests: true, profile: 'slow' }, async (simulator) => {
      const model = 'DeepSeek-R1';
      const streams = await Promise.all(
        Array.from({ length: 40 }, () => beginStream(simulator, { model })),
      );
      expect(simulator.stats().in_flight).toBe(40);
      for (const stream of streams) stream.leave();
      await eventually(() => simulator.stats().in_flight === 0);
      expect(simulator.stats().log.every((entry) => entry.ended === 'aborted')).toBe(true);
      // The batch holds 32: with its slots still taken this one would wait for minutes.
      const text = await (await ask(simulator, { model, body: { max_tokens: 3 } })).text();
      expect(text).toContain('[DONE]');
    }));
});

test('an upload that breaks off harms nobody', () =>
  withSimulator({}, async (simulator) => {
    const socket = connect(simulator.port, '127.0.0.1');
    socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\n{');
    await eventually(() => simulator.stats().requests === 1);
    socket.destroy();
    expect((await ask(simulator)).status).toBe(200);
  }));

test('500 streams at once, all of them whole', () =>
  withSimulator({}, async (simulator) => {
    const texts = await Promise.all(
      Array.from({ length: 500 }, async (_, n) => {
        const model = SIMULATED_MODELS[n % SIMULATED_MODELS.length] as string;
        return (await ask(simulator, { model, prompt: `Tell me about ${n}` })).text();
      }),
    );
    expect(texts.every((text) => text.endsWith('data: [DONE]\n\n'))).toBe(true);
    expect(simulator.stats().in_flight).toBe(0);
  }));

test('a port that is taken and a fault that is unknown are told', () =>
  withSimulator({}, async ({ port }) => {
    await expect(startSimulator({ port })).rejects.toMatchObject({ exitCode: 2 });
    const faults = JSON.parse('[{"fault":"stal"}]');
    await expect(startSimulator({ faults })).rejects.toThrow("unknown fault 'stal'");
  }));

test('content in parts is read as text', () =>
  withSimulator({}, async (simulator) => {
    const content = [
      { type: 'text', text: 'How should I ' },
      { type: 'text', text: 'learn to swim?' },
    ];
    const inParts = await ask(simulator, { body: { messages: [{ role: 'user', content }] } });
    expect(contentOf(await inParts.text())).toBe(contentOf(await (await ask(simulator)).text()));
    expect(bodyOf({})).toContain('learn to swim');
  }));
