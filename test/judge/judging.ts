import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Model, RequestLimits, Target } from '../../src/config/types.ts';
import { Judge, type JudgeCall, type JudgeOptions, judgeLookup } from '../../src/judge/index.ts';
import { openSender } from '../../src/run/discover.ts';
import type { Answered, Judgement } from '../../src/score/types.ts';
import { createRedactor } from '../../src/secrets.ts';
import type { Expectation } from '../../src/suite/types.ts';

export const KEY = 'sk-judge-secret-0123456789';
/** Of another target. */
export const OTHER_KEY = 'sk-market-secret-9876543210';

const LIMITS: RequestLimits = {
  ...{ connectMs: 3000, firstTokenMs: 5000, stallMs: 5000, totalMs: 10_000 },
  ...{ bodyBytes: 1e7, inFlightBytes: 1e8, eventBytes: 1e6, events: 100_000, headerBytes: 65_536 },
};

export function targetAt(baseUrl: string, name = 'market'): Target {
  return {
    ...{ name, baseUrl, path: '/chat/completions', apiKey: KEY, dialect: 'openai' },
    ...{ protocol: 'http/1.1', headers: {}, models: 'subscribed', caFile: undefined },
    simulated: false,
  };
}

export function modelOf(name: string, parts: Partial<Model> = {}): Model {
  return { name, label: name, price: null, tags: [], parameters: {}, ...parts };
}

export interface Judging {
  judge: Judge;
  calls: JudgeCall[];
  grade(
    answered: Partial<Answered>,
    expectation?: Partial<Expectation>,
    signal?: AbortSignal,
  ): Promise<Judgement>;
}

/** A judge over a real socket, its journal a list. */
export function judgeAt(
  baseUrl: string,
  modelName: string,
  parts: {
    settings?: Partial<JudgeOptions['settings']>;
    model?: Partial<Model>;
    limits?: Partial<RequestLimits>;
  } & Partial<Pick<JudgeOptions, 'known' | 'unasked' | 'journal' | 'keepText'>> = {},
): Judging {
  const calls: JudgeCall[] = [];
  const { settings, model, limits, ...rest } = parts;
  const judge = new Judge({
    settings: {
      ...{ model: `market/${modelName}`, parameters: {}, concurrency: 4, retries: 2 },
      ...{ timeoutMs: 10_000, maxCostUsd: null },
      ...settings,
    },
    lookup: judgeLookup([targetAt(baseUrl)], (names) => names.map((name) => modelOf(name, model))),
    open: openSender,
    requestLimits: { ...LIMITS, ...limits },
    seed: 'seed',
    redactor: createRedactor([{ value: OTHER_KEY, name: 'another key', isKey: true }]),
    keepText: true,
    journal: { append: (call) => calls.push(call) },
    draw: () => 0.99,
    ...rest,
  });
  const grade: Judging['grade'] = (answered, expectation = {}, signal) =>
    judge.grade(
      answeredWith(answered),
      { type: 'model-graded', value: 'The answer names the capital of Kenya.', ...expectation },
      signal ?? new AbortController().signal,
    );
  return { judge, calls, grade };
}

export function answeredWith(parts: Partial<Answered>): Answered {
  return {
    ...{ requestId: 'r1', text: 'Nairobi', reasoning: '', toolCalls: [], finishReason: 'stop' },
    messages: [{ role: 'user', content: 'What is the capital of Kenya?' }],
    ...{ reference: null, ttftMs: 1, e2eMs: 2, costUsd: null },
    ...parts,
  };
}

/** What a scripted judge was asked. */
export interface AskedOf {
  headers: IncomingMessage['headers'];
  /** The request's body. */
  body: { messages: { role: string; content: string }[]; [field: string]: unknown };
  /** The user's first message: the question to the judge. */
  question: string;
}

type Script = (
  asked: AskedOf,
  index: number,
) => string | { status: number; headers?: object; body: string };

/** A server whose replies a test scripts: a text to be streamed with usage, or a status with a body. */
export async function scriptedJudge(script: Script) {
  const asked: AskedOf[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as AskedOf['body'];
      const question = body.messages.find(({ role }) => role === 'user')?.content ?? '';
      asked.push({ headers: request.headers, body, question });
      const answer = script(asked.at(-1) as AskedOf, asked.length - 1);
      if (typeof answer === 'object') {
        response.writeHead(answer.status, {
          'content-type': 'application/json',
          ...answer.headers,
        });
        response.end(answer.body);
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const send = (event: object) => response.write(`data: ${JSON.stringify(event)}\n\n`);
      send({ choices: [{ index: 0, delta: { content: answer } }] });
      send({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
      send({
        choices: [],
        usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
      });
      response.end('data: [DONE]\n\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The letter of the option that says so, in the order a question has them in. */
export function letterOf(question: string, says: RegExp): string {
  const options = [...question.matchAll(/^([A-E]): (.*)$/gm)];
  return options.find(([, , text = '']) => says.test(text))?.[1] ?? '?';
}
