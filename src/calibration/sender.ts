import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf, usageError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { createRandom } from '../random.ts';
import { GROUND_TRUTH_MODEL } from './chunk.ts';
import { SenderMeter } from './lateness.ts';
import { Pacer } from './pacer.ts';
import { drawChunks, phaseOf, readSchedule, type Schedule } from './schedule.ts';
import { MonotonicStamper } from './stamp.ts';
import { TruthStream } from './stream.ts';

/** How a ground truth is started; plain data. */
export interface SenderOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** What streams do whose request says nothing else. */
  schedule?: Partial<Schedule>;
  /** Same seed, same lengths of streams in the order of their requests. */
  seed?: string;
  /** What falls due within it is sent in one turn, each chunk stamped at its own write; 0.25 by default. */
  grainMs?: number;
}

/** Thousands of streams begin at once. */
const BACKLOG = 8192;
const GRAIN_MS = 0.25;
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Lets a request say how its own stream is to be; a key of the JSON body. */
export const SCHEDULE_KEY = 'ground_truth';

/**
 * The ground truth in this thread: an OpenAI-compatible server on loopback whose chunks carry the
 * instant they were sent at. Give it a process of its own (`startGroundTruth`), or it measures the
 * caller's business.
 * @throws TokentapeError where the port is taken or the schedule makes no sense
 */
export async function startSender(
  options: SenderOptions = {},
): Promise<{ url: string; close(): Promise<void> }> {
  const base = readSchedule(options.schedule);
  const routes = new Routes(base, options);
  const server = createServer(
    { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 },
    (request, response) => {
      routes.answer(request, response).catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else refuse(response, 400, messageOf(error));
      });
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const remedy = 'give another port, or 0 for any free one';
      reject(usageError(`the ground truth cannot listen: ${error.message}`, remedy));
    });
    server.listen({ port: options.port ?? 0, host: '127.0.0.1', backlog: BACKLOG }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

class Routes {
  readonly #base: Schedule;
  readonly #random;
  readonly #pacer: Pacer;
  readonly #meter = new SenderMeter();
  readonly #stamper = new MonotonicStamper();
  readonly #freePhases: number[] = [];
  #phases = 0;

  constructor(base: Schedule, options: SenderOptions) {
    this.#base = base;
    this.#random = createRandom(options.seed ?? GROUND_TRUTH_MODEL);
    this.#pacer = new Pacer(options.grainMs ?? GRAIN_MS);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '/', query] = (request.url ?? '/').split('?', 2);
    if (request.method === 'POST' && path.endsWith('/chat/completions')) {
      return this.#stream(await readJson(request), response);
    }
    // Whatever a client says besides is read, so that its connection can be used again.
    request.resume();
    if (request.method === 'GET' && path.endsWith('/models')) {
      const listed = { id: GROUND_TRUTH_MODEL, object: 'model', created: 0, owned_by: 'tokentape' };
      return answerJson(response, 200, { object: 'list', data: [listed] });
    }
    if (request.method === 'GET' && path.endsWith('/stats')) {
      const stats = this.#meter.read();
      if (query === 'reset') this.#meter.reset();
      return answerJson(response, 200, stats);
    }
    refuse(response, 404, `No route ${request.method} ${path}`);
  }

  #stream(body: JsonObject, response: ServerResponse): void {
    if (body.stream !== true) return refuse(response, 400, 'the ground truth only streams');
    const schedule = readSchedule(body[SCHEDULE_KEY], this.#base);
    // Its client left while it spoke.
    if (response.destroyed) return;
    // One that did not wait for the end of its last reply gets the socket after it.
    if (response.socket === null)
      response.once('socket', () => this.#begin(schedule, body, response));
    else this.#begin(schedule, body, response);
  }

  #begin(schedule: Schedule, body: JsonObject, response: ServerResponse): void {
    const phase = this.#freePhases.shift() ?? this.#phases++;
    const usage = body.stream_options as JsonObject | undefined;
    this.#pacer.add(
      new TruthStream({
        response,
        schedule,
        chunks: drawChunks(schedule, this.#random),
        phase: phaseOf(phase),
        withUsage: usage?.include_usage === true,
        stamper: this.#stamper,
        meter: this.#meter,
        onClosed: () => this.#freePhases.push(phase),
      }),
    );
  }
}

async function readJson(request: IncomingMessage): Promise<JsonObject> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > MAX_BODY_BYTES) throw new Error(`a body of more than ${MAX_BODY_BYTES} bytes`);
  }
  const body: unknown = JSON.parse(Buffer.concat(pieces).toString());
  if (typeof body !== 'object' || body === null) throw new Error('the body is no JSON object');
  return body as JsonObject;
}

function answerJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number, message: string): void {
  answerJson(response, status, { error: { message, type: 'invalid_request_error' } });
}
