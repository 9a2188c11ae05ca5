import { usageError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type {
  DialectName,
  JudgeSettings,
  Model,
  Order,
  Protocol,
  RunSettings,
  Slo,
  Target,
} from './types.ts';

/** The limit on one body in runs that do not name it. */
const FIRST_BODY_BYTES = 64 * 1024 * 1024;

/** What the manifest keeps of a tokenizer: its file, from the folder that the run was started in. */
export interface StoredTokenizer {
  file: string;
  sha256: string;
  config_sha256: string | null;
}

type StoredModel = Omit<Model, 'tokenizer'> & { tokenizer?: StoredTokenizer | null };

/** What the manifest keeps of a target; see `publicConfig`. */
interface StoredTarget {
  name: string;
  base_url: string;
  path: string;
  dialect: DialectName;
  protocol: Protocol;
  continuous_usage?: boolean;
  simulated: boolean;
  models: StoredModel[] | 'subscribed';
}

/**
 * The targets of a run as it resolved them, prices included: a later change of the config changes
 * nothing about what was measured. Keys, headers and certificates are not kept, so nothing can be
 * sent to them. A model's tokenizer is named by its file.
 * @param config `manifest.config`
 * @throws TokentapeError (exit 2) where it holds none
 */
export function storedTargets(config: JsonObject): (Target & { models: Model[] })[] {
  return targetsIn(config).map((target) => ({
    name: target.name,
    baseUrl: target.base_url,
    path: target.path,
    apiKey: undefined,
    dialect: target.dialect,
    protocol: target.protocol,
    ...(target.continuous_usage && { continuousUsage: true }),
    headers: {},
    caFile: undefined,
    simulated: target.simulated,
    models: modelsOf(target).map(({ name, label, price, tags, parameters, tokenizer }) => ({
      name,
      label,
      price,
      tags,
      parameters,
      ...(tokenizer && { tokenizer: tokenizer.file }),
    })),
  }));
}

/** Names of the targets that the embedded simulator answered for; none where the manifest says nothing of them. */
export function storedSimulated(config: JsonObject): string[] {
  const { targets = [] } = config as unknown as { targets?: StoredTarget[] };
  return targets.flatMap(({ name, simulated }) => (simulated ? name : []));
}

/** The tokenizers that a run counted with, each once. */
export function storedTokenizers(config: JsonObject): StoredTokenizer[] {
  const byFile = new Map<string, StoredTokenizer>();
  for (const { tokenizer } of targetsIn(config).flatMap(modelsOf)) {
    if (tokenizer) byFile.set(tokenizer.file, tokenizer);
  }
  return [...byFile.values()];
}

function targetsIn(config: JsonObject): StoredTarget[] {
  const targets = config.targets as unknown as StoredTarget[] | undefined;
  if (!Array.isArray(targets)) throw usageError('the manifest says nothing of the targets');
  return targets;
}

function modelsOf({ models }: StoredTarget): StoredModel[] {
  return models === 'subscribed' ? [] : models;
}

/** Whom a run asked to grade, and how; `null` where nobody was. */
export function storedJudge(config: JsonObject): JudgeSettings | null {
  const { grading } = (config.settings ?? {}) as { grading?: { judge?: StoredJudge | null } };
  if (!grading?.judge) return null;
  const { model, parameters, concurrency, retries, timeout_ms, max_cost_usd } = grading.judge;
  return {
    ...{ model, parameters, concurrency, retries },
    ...{ timeoutMs: timeout_ms, maxCostUsd: max_cost_usd },
  };
}

/** As `publicGrading` writes it. */
interface StoredJudge
  extends Pick<JudgeSettings, 'model' | 'parameters' | 'concurrency' | 'retries'> {
  timeout_ms: number;
  max_cost_usd: number | null;
}

/** The settings of a run that its figures depend on. */
export function storedSettings(config: JsonObject): {
  keepText: boolean;
  keepTapes: boolean;
  /** The limit on one body. */
  bodyBytes: number;
  slo: Slo;
  seed: string;
  suites: string[];
} {
  const settings = (config.settings ?? {}) as JsonObject;
  const { body_bytes: bodyBytes } = (settings.request_limits ?? {}) as JsonObject;
  return {
    keepText: settings.keep_text !== false,
    keepTapes: settings.keep_tapes !== false,
    bodyBytes: typeof bodyBytes === 'number' ? bodyBytes : FIRST_BODY_BYTES,
    slo: (settings.slo ?? {}) as Slo,
    seed: String(settings.seed ?? ''),
    suites: (settings.suites ?? []) as string[],
  };
}

/** As `publicSettings` writes them. */
interface StoredSettings {
  suites: string[];
  concurrency: number;
  order: Order;
  repeat: number;
  warmup: number;
  seed: string;
  nonce: boolean;
  keep_tapes: boolean;
  keep_text: boolean;
  request_limits: Record<
    | 'connect_ms'
    | 'first_token_ms'
    | 'stall_ms'
    | 'total_ms'
    | 'body_bytes'
    | 'event_bytes'
    | 'events'
    | 'header_bytes'
    | 'in_flight_bytes',
    number
  >;
  run_limits: Record<'duration_ms' | 'requests' | 'output_tokens' | 'cost_usd', number | null>;
  slo: Slo;
  validity: Record<'late_ms' | 'late_share' | 'cpu_share', number>;
  grading: {
    enabled: boolean;
    run_code: boolean;
    run_javascript: boolean;
    regex_ms: number;
    code_timeout_ms: number;
    code_memory_mb: number;
  };
  calibrate: boolean;
  chunk_rate: number;
}

/**
 * All settings of a run, to go on with it.
 * @param config `manifest.config`
 * @throws TokentapeError (exit 2) where it was written by a version that kept fewer
 */
export function storedRunSettings(config: JsonObject, outputDir: string): RunSettings {
  const stored = config.settings as unknown as StoredSettings | undefined;
  const { request_limits, run_limits, validity, grading } = stored ?? {};
  if (!stored || !request_limits || !run_limits || !validity || !grading) {
    throw usageError(
      'the manifest does not hold all settings of the run: another version wrote it',
      'start the run anew',
    );
  }
  return {
    suites: stored.suites,
    concurrency: stored.concurrency,
    order: stored.order,
    repeat: stored.repeat,
    warmup: stored.warmup,
    seed: stored.seed,
    nonce: stored.nonce,
    keepTapes: stored.keep_tapes,
    keepText: stored.keep_text,
    outputDir,
    requestLimits: {
      connectMs: request_limits.connect_ms,
      firstTokenMs: request_limits.first_token_ms,
      stallMs: request_limits.stall_ms,
      totalMs: request_limits.total_ms,
      bodyBytes: request_limits.body_bytes,
      eventBytes: request_limits.event_bytes,
      events: request_limits.events,
      headerBytes: request_limits.header_bytes,
      inFlightBytes: request_limits.in_flight_bytes,
    },
    runLimits: {
      durationMs: run_limits.duration_ms,
      requests: run_limits.requests,
      outputTokens: run_limits.output_tokens,
      costUsd: run_limits.cost_usd,
    },
    slo: stored.slo,
    validity: {
      lateMs: validity.late_ms,
      lateShare: validity.late_share,
      cpuShare: validity.cpu_share,
    },
    grading: {
      enabled: grading.enabled,
      runCode: grading.run_code,
      runJavascript: grading.run_javascript,
      regexMs: grading.regex_ms,
      codeTimeoutMs: grading.code_timeout_ms,
      codeMemoryMb: grading.code_memory_mb,
      judge: storedJudge(config),
    },
    calibrate: stored.calibrate,
    chunkRate: stored.chunk_rate,
  };
}
