import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRandom } from '../random.ts';
import { nonceIn } from '../suite/nonce.ts';
import { bearerKey, refusal, subscriptionsOf } from './access.ts';
import { type ApiError, apiError, errorPlan } from './api-errors.ts';
import { Engine } from './batching.ts';
import { type ChatRequest, parseChatRequest } from './chat-request.ts';
import { wrapperDialect } from './dialects.ts';
import { EngineDriver, systemClock } from './engine-driver.ts';
import { type Fault, FaultPicker, parseFault } from './faults.ts';
import { makeReply } from './model-reply.ts';
import { DEFAULT_SEED, type SimulatorOptions } from './options.ts';
import { ReplyPlayer, type Stage } from './player.ts';
import { type ModelProfile, profilesWith, SIMULATED_MODELS } from './profiles.ts';
import { userMessages } from './prompt.ts';
import { bodyPlan, emptyPlan, part, type ReplyPlan, SSE_HEADERS } from './reply-plan.ts';
import { readBody } from './request-body.ts';
import { type OnEnded, StatsKeeper } from './stats.ts';

/** An error as the seed's wrapper tells it: inside the stream, then `[DONE]`. */
function wrapperErrorPlan(error: ApiError): ReplyPlan {
  const dialect = wrapperDialect();
  const plan = emptyPlan(200, { ...SSE_HEADERS });
  plan.parts.push(part('other', 0, dialect.error(error.message, error.status) + dialect.done()));
  return plan;
}

function isApiError(value: object): value is ApiError {
  return 'status' in value;
}

/** The twelve models behind their keys: answers each request, and keeps count. */
export class Marketplace {
  readonly stats: StatsKeeper;
  readonly #options: SimulatorOptions;
  readonly #seed: string;
  readonly #models: ReadonlyMap<string, ModelProfile>;
  readonly #engines = new Map<string, EngineDriver<ReplyPlayer>>();
  readonly #faults: FaultPicker;
  readonly #playing = new Set<ReplyPlayer>();
  #replies = 0;

  constructor(options: SimulatorOptions, onEnded: OnEnded = () => {}) {
    this.#options = options;
    this.#seed = options.seed ?? DEFAULT_SEED;
    this.#models = profilesWith(options.profile ?? 'default', options.changes ?? {});
    this.#faults = new FaultPicker(options.faults ?? [], this.#seed);
    this.stats = new StatsKeeper(options.logRequests ?? false, onEnded);
    for (const [name, { latency }] of this.#models) {
      const engine = new Engine<ReplyPlayer>(latency, createRandom(`${this.#seed}/engine/${name}`));
      const tell = (player: ReplyPlayer, tokensMade: number): void => player.progress(tokensMade);
      this.#engines.set(name, new EngineDriver(engine, systemClock, tell));
    }
  }

  close(): void {
    // They would hear of the end of their connections only after the server is closed.
    for (const player of this.#playing) player.leave();
    for (const engine of this.#engines.values()) engine.close();
  }

  /** `GET /v1/models` */
  listModels(authorization: string | undefined): ReplyPlan {
    const subscribed = subscriptionsOf(bearerKey(authorization), this.#options.keys);
    if (!Array.isArray(subscribed)) return errorPlan(subscribed);
    const habit = this.#options.models ?? 'subscribed';
    if (habit === 'missing') return errorPlan(apiError(404, 'Not Found'));
    const names = habit === 'all' ? SIMULATED_MODELS : subscribed;
    const data = names.map((id) => ({ id, object: 'model', created: 0, owned_by: 'simulator' }));
    return bodyPlan(200, 'application/json', JSON.stringify({ object: 'list', data }));
  }

  /** `POST …/chat/completions`, as the OpenAI API or as the seed's wrapper. */
  async complete(
    request: IncomingMessage,
    response: ServerResponse,
    isWrapper: boolean,
  ): Promise<void> {
    const body = await readBody(request);
    const accepted = this.#accept(request, body);
    if (isApiError(accepted)) {
      const plan = isWrapper ? wrapperErrorPlan(accepted) : errorPlan(accepted);
      playWithoutEngine(response, plan);
      return;
    }
    this.#answer(accepted, request, response, isWrapper);
  }

  #accept(
    request: IncomingMessage,
    body: string | 'too_large',
  ): { chat: ChatRequest; fault: Fault | undefined } | ApiError {
    const subscribed = subscriptionsOf(
      bearerKey(request.headers.authorization),
      this.#options.keys,
    );
    if (!Array.isArray(subscribed)) return subscribed;
    if (body === 'too_large') return apiError(413, 'The request body is too large.');
    const chat = parseChatRequest(body);
    if ('problem' in chat) return apiError(400, chat.problem, null, chat.param);
    if (SIMULATED_MODELS.includes(chat.model)) this.stats.of(chat.model).requests++;
    const refused = refusal(chat.model, subscribed);
    if (refused) return refused;
    const asked = request.headers['x-simulate-fault'];
    if (asked === undefined) return { chat, fault: this.#faults.pick(chat.model) };
    const fault = parseFault(String(asked));
    return 'problem' in fault
      ? apiError(400, fault.problem, null, 'x-simulate-fault')
      : { chat, fault };
  }

  #answer(
    { chat, fault }: { chat: ChatRequest; fault: Fault | undefined },
    request: IncomingMessage,
    response: ServerResponse,
    isWrapper: boolean,
  ): void {
    const id = `chatcmpl-sim-${++this.#replies}`;
    const { plan, counts } = makeReply(this.#models.get(chat.model) as ModelProfile, chat, {
      id,
      createdS: Math.floor(Date.now() / 1000),
      isWrapper,
      seed: this.#seed,
      answerBook: this.#options.answerBook,
      takesFirstOption: this.#options.positionBiasedJudges?.includes(chat.model) ?? false,
      fault,
      authorization: request.headers.authorization ?? '',
    });
    const engine = this.#engines.get(chat.model) as EngineDriver<ReplyPlayer>;
    const work = { promptTokens: counts.promptTokens, outputTokens: counts.completionTokens };
    const player = new ReplyPlayer(response, plan, work, {
      submit: (self) => engine.submit(self),
      cancel: (self) => engine.cancel(self),
      ended: (self, how) => {
        this.#playing.delete(self);
        this.stats.inFlight = this.#playing.size;
        const entry = {
          id,
          model: chat.model,
          nonce: nonceIn(chat.messages),
          turn: userMessages(chat.messages).length - 1,
          status: plan.status,
          prompt_tokens: counts.promptTokens,
          completion_tokens: self.tokensSent,
          fault: fault?.name ?? null,
          ended: how,
        };
        this.stats.ended(entry, counts.reasoningTokens);
      },
    });
    this.#playing.add(player);
    this.stats.inFlight = this.#playing.size;
    treatSocketAfter(response, plan);
    player.start();
  }
}

const DOOMED = Symbol('doomed');

/** Whether an earlier reply left this connection to be cut by the next request on it. */
export function isDoomed(socket: object): boolean {
  return DOOMED in socket;
}

/** The reply that each connection carries, or carried last. */
const latestReply = new WeakMap<object, ServerResponse>();

function treatSocketAfter(response: ServerResponse, { socketAfter }: ReplyPlan): void {
  const { socket } = response;
  if (socket === null) return;
  latestReply.set(socket, response);
  if (socketAfter.action === 'close') {
    // A connection that carries the next reply by then is idle no more, and to close it would cut that.
    const close = (): unknown => latestReply.get(socket) === response && socket.destroySoon();
    response.on('finish', () =>
      socketAfter.afterMs === 0 ? close() : setTimeout(close, socketAfter.afterMs),
    );
  } else if (socketAfter.action === 'close_on_reuse') {
    Object.assign(socket, { [DOOMED]: true });
  }
}

const NO_ENGINE: Stage = { submit: () => {}, cancel: () => {}, ended: () => {} };

/** Plays a plan that waits for no tokens. */
export function playWithoutEngine(response: ServerResponse, plan: ReplyPlan): void {
  new ReplyPlayer(response, plan, { promptTokens: 0, outputTokens: 0 }, NO_ENGINE).start();
}
