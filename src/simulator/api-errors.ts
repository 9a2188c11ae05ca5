import { bodyPlan, type ReplyPlan } from './reply-plan.ts';

const TYPES: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'invalid_request_error',
  408: 'timeout_error',
  413: 'invalid_request_error',
  422: 'invalid_request_error',
  429: 'rate_limit_error',
};

/** An error that the API answers with, before it is put into a dialect. */
export interface ApiError {
  status: number;
  message: string;
  code: string | null;
  param: string | null;
}

export function apiError(
  status: number,
  message: string,
  code: string | null = null,
  param: string | null = null,
): ApiError {
  return { status, message, code, param };
}

/** The error as the OpenAI API words it. */
export function errorPlan({ status, message, code, param }: ApiError): ReplyPlan {
  const error = { message, type: TYPES[status] ?? 'server_error', param, code };
  return bodyPlan(status, 'application/json', JSON.stringify({ error }));
}
