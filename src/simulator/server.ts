import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { didYouMean } from '../diagnostics/format.ts';
import { messageOf, usageError } from '../errors.ts';
import { apiError, errorPlan } from './api-errors.ts';
import { FAULTS, isFaultName } from './faults.ts';
import { isDoomed, Marketplace, playWithoutEngine } from './marketplace.ts';
import type { Simulator, SimulatorOptions } from './options.ts';
import { SIMULATED_MODELS } from './profiles.ts';
import { bodyPlan } from './reply-plan.ts';
import type { OnEnded } from './stats.ts';

export type { AnswerBook, KnownAnswer, Simulator, SimulatorOptions } from './options.ts';
export { promptKey } from './prompt.ts';
export type { SimulatedRequest } from './stats.ts';

/** Longer than clients keep idle sockets, so that only faults make a socket stale. */
const KEEP_ALIVE_MS = 120_000;
/** More waiting connections than the default of 511, for thousands of streams begun at once. */
const BACKLOG = 8192;

const json = (value: object) => bodyPlan(200, 'application/json', JSON.stringify(value));

/** The routes; a promise where the body has to be read first. */
function route(
  marketplace: Marketplace,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> | undefined {
  const path = (request.url ?? '/').split('?', 1)[0];
  const { authorization } = request.headers;
  if (path !== '/stats') marketplace.stats.requests++;
  switch (`${request.method} ${path}`) {
    case 'POST /v1/chat/completions':
      return marketplace.complete(request, response, false);
    case 'POST /wrapper/v1/chat/completions':
      return marketplace.complete(request, response, true);
    case 'GET /v1/models':
      playWithoutEngine(response, marketplace.listModels(authorization));
      return undefined;
    case 'GET /stats':
      playWithoutEngine(response, json(marketplace.stats.snapshot()));
      return undefined;
    case 'GET /health':
      playWithoutEngine(response, json({ status: 'ok' }));
      return undefined;
    default:
      playWithoutEngine(response, errorPlan(apiError(404, `No route ${request.method} ${path}`)));
      return undefined;
  }
}

function checkFaults(options: SimulatorOptions): void {
  const unknown = options.faults?.find((rule) => !isFaultName(rule.fault));
  if (unknown) {
    const names = FAULTS.map(({ name }) => name).join(', ');
    throw usageError(`unknown fault '${unknown.fault}'`, `one of: ${names}`);
  }
}

/** A changed model that is none would leave all as they are, and say nothing. */
function checkChanges({ changes = {} }: SimulatorOptions): void {
  const { scales = [], skills = [] } = changes;
  for (const { model } of [...scales, ...skills]) {
    if (model !== undefined && !SIMULATED_MODELS.includes(model)) {
      const otherwise = `one of: ${SIMULATED_MODELS.join(', ')}`;
      throw usageError(
        `no model '${model}' to ${scales.some((scale) => scale.model === model) ? 'scale' : 'set a skill of'}`,
        didYouMean(model, SIMULATED_MODELS, otherwise),
      );
    }
  }
  for (const { factor } of scales) {
    if (!(factor > 0 && Number.isFinite(factor))) {
      throw usageError(`a model cannot be scaled by ${factor}`, 'give a factor above 0');
    }
  }
}

/**
 * Starts the embedded marketplace on a port of its own.
 * @param onEnded told of each completion request as it ends
 * @throws TokentapeError where the port is taken, or a fault or a changed model is unknown
 */
export async function startSimulator(
  options: SimulatorOptions = {},
  onEnded?: OnEnded,
): Promise<Simulator> {
  checkFaults(options);
  checkChanges(options);
  const marketplace = new Marketplace(options, onEnded);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    if (isDoomed(request.socket)) {
      request.socket.resetAndDestroy();
      return;
    }
    route(marketplace, request, response)?.catch((error: unknown) => {
      // A body that never arrived whole has nobody left to answer to; all else is a bug, and told.
      if (!request.complete || response.headersSent) request.socket.destroy();
      else playWithoutEngine(response, errorPlan(apiError(500, messageOf(error))));
    });
  });
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const remedy = 'give another port, or 0 for any free one';
      reject(usageError(`the simulator cannot listen: ${error.message}`, remedy));
    });
    server.listen({ port: options.port ?? 0, host, backlog: BACKLOG }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/v1`,
    port,
    stats: () => marketplace.stats.snapshot(),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      marketplace.close();
      await closed;
    },
  };
}
