import { afterEach, describe, expect, test, vi } from 'vitest';
import { type RawRequest, startFaultServer, whole } from './fault-server.ts';
import { play, REPLY, read, type SenderParts, send, senderOf } from './sending.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

async function requestFrom(parts: SenderParts = {}, out = {}): Promise<RawRequest> {
  const server = await startFaultServer((peer) => peer.write(whole(REPLY)));
  const sender = senderOf({ baseUrl: `http://127.0.0.1:${server.port}/v1`, ...parts });
  await send(sender, out);
  await sender.close();
  await server.close();
  const [request] = server.requests;
  if (request === undefined) throw new Error('nothing was sent');
  return request;
}

describe('the request on the wire', () => {
  test('is a streamed chat completion with usage', async () => {
    const { line, headers, body } = await requestFrom();
    expect(line).toBe('POST /v1/chat/completions HTTP/1.1');
    expect(headers).toMatchObject({
      authorization: 'Bearer sk-secret',
      'content-type': 'application/json',
      accept: 'text/event-stream',
      'accept-encoding': 'identity',
      'x-litellm-num-retries': '0',
    });
    expect(JSON.parse(body)).toEqual({
      model: 'some-model',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test('asks for usage in every chunk where the target says so', async () => {
    const { body } = await requestFrom({ continuousUsage: true });
    expect(JSON.parse(body).stream_options).toEqual({
      include_usage: true,
      continuous_usage_stats: true,
    });
  });

  test('takes parameters in; a null takes a field out', async () => {
    const parameters = { temperature: 0, stream_options: null };
    const { body } = await requestFrom({}, { parameters });
    expect(JSON.parse(body)).toMatchObject({ temperature: 0, stream: true });
    expect(JSON.parse(body)).not.toHaveProperty('stream_options');
  });

  test('without a key carries no authorization', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-of-someone-else');
    vi.stubEnv('OPENAI_ADMIN_KEY', 'sk-admin');
    const { headers } = await requestFrom({ apiKey: undefined });
    expect(headers.authorization).toBeUndefined();
  });

  test('knows nothing of the SDK’s own variables', async () => {
    const variables = {
      OPENAI_API_KEY: 'leak-key',
      OPENAI_ADMIN_KEY: 'leak-admin',
      OPENAI_BASE_URL: 'http://127.0.0.1:9/leak',
      OPENAI_ORG_ID: 'leak-org',
      OPENAI_PROJECT_ID: 'leak-project',
      OPENAI_CUSTOM_HEADERS: 'x-leak: leak-custom',
      OPENAI_LOG: 'debug',
    };
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    const request = await requestFrom();
    expect(JSON.stringify(request)).not.toContain('leak');
    expect(process.env.OPENAI_CUSTOM_HEADERS).toBe('x-leak: leak-custom');
  });

  test('goes to the path of the config, with headers of the config', async () => {
    const { line, headers } = await requestFrom({
      path: '/v2/stream',
      headers: { 'x-team': 'blue', authorization: 'Basic abc' },
    });
    expect(line).toBe('POST /v1/v2/stream HTTP/1.1');
    expect(headers).toMatchObject({ 'x-team': 'blue', authorization: 'Basic abc' });
  });

  test('prompts go out as they are, whatever their letters', async () => {
    const content = 'Xin chào, 世界 \u{1f600}\u2028';
    const { body } = await requestFrom({}, { messages: [{ role: 'user', content }] });
    const sent = JSON.parse(Buffer.from(body, 'latin1').toString());
    expect(sent.messages).toEqual([{ role: 'user', content }]);
  });
});

test.each([408, 409, 429, 500, 503])(
  '%i is asked once, also where the server says «retry»',
  async (status) => {
    const { server, tape } = await play((peer) =>
      peer.write(
        whole(
          '{"error":{"message":"later"}}',
          `${status} Later\r\nx-should-retry: true\r\nretry-after-ms: 1`,
        ),
      ),
    );
    expect(tape.headers['x-should-retry']).toBe('true');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.hits).toBe(1);
  },
);

test('listing models is a recording like any other', async () => {
  const server = await startFaultServer((peer) =>
    peer.write(whole('{"data":[{"id":"a"}]}', '200 OK', 'application/json')),
  );
  const sender = senderOf({ baseUrl: `http://127.0.0.1:${server.port}/v1` });
  const { tape } = await read(await sender.listModels('models').finished);
  await sender.close();
  await server.close();
  expect(server.requests[0]?.line).toBe('GET /v1/models HTTP/1.1');
  expect(tape.status).toBe(200);
  expect(Buffer.from(tape.body).toString()).toBe('{"data":[{"id":"a"}]}');
});
