import { ownOf } from '../own.ts';
import { type ApiError, apiError } from './api-errors.ts';
import type { SimulatorOptions } from './options.ts';
import { SIMULATED_MODELS } from './profiles.ts';

/** The key in a request's `Authorization: Bearer …`; `undefined` where there is none. */
export function bearerKey(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
}

/** The models that a key opens, or the 401 it gets. */
export function subscriptionsOf(
  key: string | undefined,
  keys: SimulatorOptions['keys'],
): string[] | ApiError {
  if (key === undefined) return apiError(401, 'You did not provide an API key.');
  if (keys === undefined) return SIMULATED_MODELS;
  const opened = ownOf(keys, key);
  // The key is not repeated, as a careful server does it; the fault `echo_key` does.
  if (opened === undefined) {
    return apiError(401, 'Incorrect API key provided.', 'invalid_api_key');
  }
  return opened === 'all'
    ? SIMULATED_MODELS
    : SIMULATED_MODELS.filter((name) => opened.includes(name));
}

/** What stands between a key and a model; `undefined` where it opens it. */
export function refusal(model: string, subscribed: readonly string[]): ApiError | undefined {
  if (!SIMULATED_MODELS.includes(model)) {
    return apiError(404, `The model '${model}' does not exist.`, 'model_not_found', 'model');
  }
  return subscribed.includes(model)
    ? undefined
    : apiError(403, `The key is not subscribed to the model '${model}'.`, 'model_not_subscribed');
}
