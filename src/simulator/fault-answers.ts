import { apiError, errorPlan } from './api-errors.ts';
import type { FaultName, FaultParameters } from './faults.ts';
import { bodyPlan, emptyPlan, type ReplyPlan, SSE_HEADERS } from './reply-plan.ts';

type Answer = (parameters: FaultParameters, authorization: string) => ReplyPlan;

const status =
  (code: number, message: string, headers: Record<string, string> = {}): Answer =>
  () => {
    const plan = errorPlan(apiError(code, message));
    return { ...plan, headers: { ...plan.headers, ...headers } };
  };

const PAGE = '<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>\n';

/** Faults that answer in the model's place: no token is made. */
export const ANSWERING_FAULTS = {
  reset_pre_headers: () => ({ ...emptyPlan(null, {}), ending: 'reset' }),
  '400': status(400, 'Simulated: the request is malformed'),
  '401': status(401, 'Simulated: incorrect API key provided'),
  '403': status(403, 'Simulated: the key may not use this model'),
  '404': status(404, 'Simulated: the model does not exist'),
  '408': status(408, 'Simulated: the request took too long'),
  '422': status(422, 'Simulated: the request cannot be processed'),
  '429': ({ retry_after = 1 }) =>
    status(429, 'Simulated: rate limit reached', { 'retry-after': String(retry_after) })({}, ''),
  '500': status(500, 'Simulated: internal server error'),
  '503': status(503, 'Simulated: the model is overloaded'),
  html: () => bodyPlan(200, 'text/html; charset=utf-8', PAGE),
  json_error: () => ({ ...errorPlan(apiError(500, 'Simulated: an error in a 200')), status: 200 }),
  empty: () => emptyPlan(200, { ...SSE_HEADERS, 'content-length': '0' }),
  redirect: ({ location = '/elsewhere/v1/chat/completions' }) =>
    emptyPlan(307, { location, 'content-length': '0' }),
  echo_key: (_, authorization) =>
    errorPlan(apiError(401, `Incorrect API key provided: ${authorization}`, 'invalid_api_key')),
} satisfies Partial<Record<FaultName, Answer>>;

export type AnsweringFault = keyof typeof ANSWERING_FAULTS;

export function isAnsweringFault(name: FaultName): name is AnsweringFault {
  return Object.hasOwn(ANSWERING_FAULTS, name);
}
