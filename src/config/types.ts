import type { JsonObject } from '../json.ts';

/** How a target's stream is read: OpenAI chat completions, or the marketplace wrapper. */
export type DialectName = 'openai' | 'content';
export type Protocol = 'http/1.1' | 'h2';
export type Order = 'parallel' | 'interleaved' | 'sequential';

/** USD per million tokens. */
export interface Price {
  input_per_mtok: number;
  output_per_mtok: number;
}

/** A model as a target serves it, with what the config says of it. */
export interface Model {
  /** The name sent to the endpoint. */
  name: string;
  /** The name shown; the endpoint's own where the config gives no alias. */
  label: string;
  price: Price | null;
  /** Its tokenizer.json, as the config writes the path. */
  tokenizer?: string;
  tags: string[];
  /** Merged into the request body: `temperature`, `max_tokens`, … */
  parameters: JsonObject;
}

/** An endpoint, resolved: variables replaced, defaults filled in. */
export interface Target {
  name: string;
  /** Without a trailing slash; requests go to `base_url + path`. */
  baseUrl: string;
  path: string;
  /** Secret: written nowhere. */
  apiKey: string | undefined;
  dialect: DialectName;
  protocol: Protocol;
  /** Ask for usage in every chunk, `stream_options.continuous_usage_stats`. */
  continuousUsage?: boolean;
  /** Extra request headers; secret too, but for those listed below. */
  headers: Record<string, string>;
  /** Names of headers whose values are no secret. */
  publicHeaders?: string[];
  /** `subscribed`: ask the endpoint which models the key opens. */
  models: Model[] | 'subscribed';
  /** PEM file of an extra certificate authority. */
  caFile: string | undefined;
  /** True where the embedded simulator answers: its figures are no one's evidence. */
  simulated: boolean;
}

/** Limits of one request. */
export interface RequestLimits {
  connectMs: number;
  firstTokenMs: number;
  stallMs: number;
  totalMs: number;
  bodyBytes: number;
  /** Of all bodies in flight together, each one's first MiB not counted. */
  inFlightBytes: number;
  eventBytes: number;
  events: number;
  headerBytes: number;
}

/** Limits of a whole run; `null` where there is none. */
export interface RunLimits {
  /** No request is sent after this long; those in flight may finish. */
  durationMs: number | null;
  /** Measured requests per model and suite. */
  requests: number | null;
  /** Output tokens of all requests together. */
  outputTokens: number | null;
  costUsd: number | null;
}

/** Service-level objectives of one request, for goodput; an absent one always holds. */
export interface Slo {
  ttft_ms?: number;
  tpot_ms?: number;
  e2e_ms?: number;
}

/** Past these, the client was too slow for its figures to be believed. */
export interface ValidityLimits {
  /** From here on a stamp counts as late. */
  lateMs: number;
  /** Share of the time, 0 to 1, in which stamps were late. */
  lateShare: number;
  /** The measuring thread's share of one core, 0 to 1. */
  cpuShare: number;
}

/** How a run asks its judges. */
export interface JudgeSettings {
  /** TARGET/MODEL of expectations that name none; `null` where only such as name one are judged. */
  model: string | null;
  /** Merged over the model's own into the request body; a `null` takes a field out of it. */
  parameters: JsonObject;
  /** Requests in flight. */
  concurrency: number;
  /** Of one call, after the first attempt. */
  retries: number;
  /** Of one attempt. */
  timeoutMs: number;
  /** Of all calls of a run; `null` where there is no limit. */
  maxCostUsd: number | null;
}

/** How answers are graded. */
export interface GradingSettings {
  enabled: boolean;
  /** Run the code in answers, in the sandbox. */
  runCode: boolean;
  /** Run the JavaScript of suites, in the sandbox. */
  runJavascript: boolean;
  /** For one regular expression of a suite. */
  regexMs: number;
  /** For all tests of one answer, where the suite says nothing else. */
  codeTimeoutMs: number;
  codeMemoryMb: number;
  /** `null` where no model is asked. */
  judge: JudgeSettings | null;
}

/** How a run is made, after flags, environment, config and defaults were merged. */
export interface RunSettings {
  suites: string[];
  concurrency: number;
  order: Order;
  repeat: number;
  /** Warm-up requests per model and suite, sent and recorded but excluded. */
  warmup: number;
  /** Given, or drawn at random and recorded. */
  seed: string;
  nonce: boolean;
  keepTapes: boolean;
  keepText: boolean;
  outputDir: string;
  requestLimits: RequestLimits;
  runLimits: RunLimits;
  slo: Slo;
  validity: ValidityLimits;
  grading: GradingSettings;
  /** Measure the client's own error before the first request. */
  calibrate: boolean;
  /** Chunks a second that one stream is expected to bring; the load of the calibration. */
  chunkRate: number;
}
