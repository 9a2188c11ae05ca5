import type { APIPromise, ClientOptions } from 'openai';
import OpenAI from 'openai';
import type { RequestLimits, Target } from '../config/types.ts';
import { messageOf } from '../errors.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { ChatMessage } from '../suite/types.ts';
import { Http1Transport } from './http1.ts';
import { Http2Transport } from './http2.ts';
import { Recording } from './recording.ts';
import { StreamScanner } from './scanner.ts';
import type { Transport } from './transport.ts';

export interface SenderOptions {
  target: Pick<Target, 'baseUrl' | 'path' | 'apiKey' | 'headers' | 'protocol' | 'continuousUsage'>;
  /** PEM of an extra certificate authority. */
  ca: string | undefined;
  limits: RequestLimits;
  /** Tells whether an event's JSON carries text of the model, by the target's dialect. */
  carriesToken: (json: JsonValue) => boolean;
  /** `process.hrtime.bigint()` of the run's origin. */
  runOriginNs: bigint;
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

/** Sends chat completions to one target and records the replies. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #transport: Transport;
  readonly #client: OpenAI;
  readonly #recordings = new Map<string, Recording>();

  constructor(options: SenderOptions) {
    this.#options = options;
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
    return this.#record(request, (options) =>
      this.#client.post(this.#options.target.path, {
        ...options,
        body: requestBody(request, this.#options.target.continuousUsage ?? false),
        stream: true,
      }),
    );
  }

  /** Asks the endpoint which models it lists. */
  listModels(requestId: string): Recording {
    const scheduledAtMs = performance.now();
    return this.#record({ requestId, scheduledAtMs, turnDelayMs: null }, (options) =>
      this.#client.get('/models', options),
    );
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  #record(
    request: Pick<OutgoingRequest, 'requestId' | 'scheduledAtMs' | 'turnDelayMs' | 'onBytes'>,
    start: (options: OpenAI.RequestOptions) => APIPromise<unknown>,
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
      ...(onBytes === undefined ? {} : { onBytes }),
    });
    this.#recordings.set(requestId, recording);
    start({ maxRetries: 0, timeout: SDK_TIMEOUT_MS, fetchOptions: { requestId } as object })
      .asResponse()
      .catch((error: unknown) => {
        // Refusals and transport failures are in the tape by now; what is left never got to fetch.
        if (recording.ended) return;
        recording.start();
        const cause = error instanceof Error ? (error.cause ?? error) : error;
        recording.fail({ code: 'unknown', stage: 'headers', message: messageOf(cause) });
      })
      .finally(() => this.#recordings.delete(requestId));
    return recording;
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
      maxRetries: 0,
      timeout: SDK_TIMEOUT_MS,
      defaultHeaders: {
        ...(target.apiKey === undefined ? { authorization: null } : {}),
        accept: 'text/event-stream',
        'accept-encoding': 'identity',
        // Any retry behind a LiteLLM proxy would be measured as latency.
        'x-litellm-num-retries': '0',
        ...target.headers,
      },
      fetch: (url, init) => this.#fetch(String(url), init),
    };
    return withoutVariable('OPENAI_CUSTOM_HEADERS', () => new OpenAI(options));
  }

  /** What the SDK takes for fetch: the whole exchange, of which only the status goes back. */
  async #fetch(url: string, init: RequestInit | undefined): Promise<Response> {
    const { requestId, method, headers, body } = (init ?? {}) as RequestInit & {
      requestId: string;
    };
    const recording = this.#recordings.get(requestId);
    if (recording === undefined) throw new Error(`no recording is open for ${url}`);
    const { pathname, search } = new URL(url);
    await this.#transport.exchange(
      {
        method: method === 'GET' ? 'GET' : 'POST',
        path: pathname + search,
        headers: Object.fromEntries(new Headers(headers)),
        body: typeof body === 'string' ? body : null,
      },
      recording,
    );
    return new Response(null, { status: (await recording.status) ?? 599 });
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
