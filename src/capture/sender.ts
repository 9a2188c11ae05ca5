import type { ClientOptions } from 'openai';
import OpenAI from 'openai';
import type { RequestLimits, Target } from '../config/types.ts';
import { messageOf } from '../errors.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { ChatMessage } from '../suite/types.ts';
import { BodyPool } from './body-pool.ts';
import { Http1Transport } from './http1.ts';
import { Http2Transport } from './http2.ts';
import { Recording } from './recording.ts';
import { StreamScanner } from './scanner.ts';
import type { HttpRequest, Transport } from './transport.ts';

export interface SenderOptions {
  target: Pick<Target, 'baseUrl' | 'path' | 'apiKey' | 'headers' | 'protocol' | 'continuousUsage'>;
  /** PEM of an extra certificate authority. */
  ca: string | undefined;
  limits: RequestLimits;
  /** Tells whether an event's JSON carries text of the model, by the target's dialect. */
  carriesToken: (json: JsonValue) => boolean;
  /** `process.hrtime.bigint()` of the run's origin. */
  runOriginNs: bigint;
  /** Shared with other senders; its own where not given. */
  pool?: BodyPool;
}

export interface OutgoingRequest {
  requestId: string;
  model: string;
  messages: ChatMessage[];
  /** Merged into the body; a `null` takes a field out of it. */
  parameters: JsonObject;
  /** `performance.now()` at which the plan wanted it sent. */
  scheduledAtMs: number;
  turnDelayMs: number | null;
  /** Sees the body's bytes as they come; never set while measuring. */
  onBytes?: (bytes: Uint8Array) => void;
}

/** The SDK's own limit is off the table: the recording keeps all limits. */
const SDK_TIMEOUT_MS = 2 ** 31 - 1;

/** Some gateways list thousands of models, each with its description and prices. */
const LISTING_BYTES_MAX = 8 * 1024 * 1024;

/** What the SDK makes of a request to one path; the body is all that differs from one to the next. */
type Head = Omit<HttpRequest, 'body'>;

/** Sends chat completions to one target and records the replies. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #transport: Transport;
  readonly #client: OpenAI;
  readonly #heads = new Map<string, Promise<Head>>();
  readonly #pool: BodyPool;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#pool = options.pool ?? new BodyPool(options.limits.inFlightBytes);
    const { target, ca, limits } = options;
    const transportOptions = {
      origin: new URL(new URL(target.baseUrl).origin),
      ca,
      headerBytes: limits.headerBytes,
    };
    this.#transport =
      target.protocol === 'h2'
        ? new Http2Transport(transportOptions)
        : new Http1Transport(transportOptions);
    this.#client = this.#createClient();
  }

  /** Begins a request; everything that comes of it, failures included, is in the recording. */
  send(request: OutgoingRequest): Recording {
    const { path, continuousUsage = false } = this.#options.target;
    const body = JSON.stringify(requestBody(request, continuousUsage));
    return this.#record(request, 'post', path, body);
  }

  /** Asks the endpoint which models it lists. */
  listModels(requestId: string): Recording {
    const scheduledAtMs = performance.now();
    return this.#record({ requestId, scheduledAtMs, turnDelayMs: null }, 'get', '/models', null);
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  #record(
    request: Pick<OutgoingRequest, 'requestId' | 'scheduledAtMs' | 'turnDelayMs' | 'onBytes'>,
    method: 'get' | 'post',
    path: string,
    body: string | null,
  ): Recording {
    const { limits, carriesToken, runOriginNs } = this.#options;
    const { requestId, scheduledAtMs, turnDelayMs, onBytes } = request;
    const recording = new Recording({
      requestId,
      scheduledAtMs,
      turnDelayMs,
      runOriginNs,
      limits,
      scanner: new StreamScanner(carriesToken, limits),
      pool: this.#pool,
      ...(method === 'get' && { messageBytes: LISTING_BYTES_MAX }),
      ...(onBytes === undefined ? {} : { onBytes }),
    });
    this.#head(method, path)
      .then((head) => this.#transport.exchange({ ...head, body }, recording))
      .catch((error: unknown) => {
        // Failures of the transport are in the tape by now; what is left never got that far.
        if (recording.ended) return;
        recording.start();
        recording.fail({ code: 'unknown', stage: 'headers', message: messageOf(error) });
      });
    return recording;
  }

  /**
   * Built once a path: the SDK takes a quarter of a millisecond for a request, in which no byte that
   * arrives is stamped.
   */
  #head(method: 'get' | 'post', path: string): Promise<Head> {
    const known = this.#heads.get(path);
    if (known !== undefined) return known;
    const head = this.#buildHead(method, path);
    this.#heads.set(path, head);
    return head;
  }

  async #buildHead(method: 'get' | 'post', path: string): Promise<Head> {
    const { req, url } = await this.#client.buildRequest({
      method,
      path,
      ...(method === 'post' ? { body: {} } : {}),
    });
    const { pathname, search } = new URL(url);
    return {
      method: method === 'get' ? 'GET' : 'POST',
      path: pathname + search,
      headers: Object.fromEntries(req.headers as Headers),
    };
  }

  #createClient(): OpenAI {
    const { target } = this.#options;
    const options: ClientOptions = {
      baseURL: target.baseUrl,
      apiKey: target.apiKey ?? 'none',
      // The SDK would read these from the environment and send them to the marketplace.
      organization: null,
      project: null,
      adminAPIKey: null,
      logLevel: 'off',
      timeout: SDK_TIMEOUT_MS,
      defaultHeaders: {
        ...(target.apiKey === undefined ? { authorization: null } : {}),
        accept: 'text/event-stream',
        'accept-encoding': 'identity',
        // Any retry behind a LiteLLM proxy would be measured as latency.
        'x-litellm-num-retries': '0',
        ...target.headers,
      },
    };
    return withoutVariable('OPENAI_CUSTOM_HEADERS', () => new OpenAI(options));
  }
}

/** No option keeps the SDK from sending the headers of this variable to whatever endpoint it has. */
function withoutVariable<T>(name: string, create: () => T): T {
  const value = process.env[name];
  if (value === undefined) return create();
  delete process.env[name];
  try {
    return create();
  } finally {
    process.env[name] = value;
  }
}

function requestBody(request: OutgoingRequest, continuousUsage: boolean): JsonObject {
  const body: JsonObject = {
    model: request.model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    stream_options: {
      include_usage: true,
      ...(continuousUsage && { continuous_usage_stats: true }),
    },
    ...request.parameters,
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}
