import { basename } from 'node:path';
import type { JsonObject, JsonValue } from '../json.ts';
import type { GradingSettings, Model, RunSettings, Target } from './types.ts';

/**
 * Targets and settings as the manifest keeps them. Left out: keys, the values of headers, user names
 * and passwords in addresses.
 */
export function publicConfig(
  targets: readonly Target[],
  settings: RunSettings,
  tokenizers: TokenizerIdentities = new Map(),
): JsonObject {
  return {
    targets: targets.map((target) => publicTarget(target, tokenizers)),
    settings: publicSettings(settings),
  };
}

/** File and hashes of each tokenizer, by its path as the config writes it. */
export type TokenizerIdentities = ReadonlyMap<string, JsonObject>;

function publicTarget(target: Target, tokenizers: TokenizerIdentities): JsonObject {
  return {
    name: target.name,
    base_url: withoutUserinfo(target.baseUrl),
    path: target.path,
    dialect: target.dialect,
    protocol: target.protocol,
    continuous_usage: target.continuousUsage ?? false,
    headers: Object.keys(target.headers),
    ca_file: target.caFile === undefined ? null : basename(target.caFile),
    simulated: target.simulated,
    models:
      target.models === 'subscribed'
        ? 'subscribed'
        : target.models.map((model) => publicModel(model, tokenizers)),
  };
}

/** An address without user name and password. */
export function withoutUserinfo(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');
}

function publicModel(model: Model, tokenizers: TokenizerIdentities): JsonObject {
  return {
    name: model.name,
    label: model.label,
    price: model.price === null ? null : { ...model.price },
    tokenizer: (model.tokenizer === undefined ? null : tokenizers.get(model.tokenizer)) ?? null,
    tags: model.tags,
    parameters: model.parameters,
  };
}

function publicSettings(settings: RunSettings): JsonObject {
  const { requestLimits, runLimits } = settings;
  return {
    suites: settings.suites,
    concurrency: settings.concurrency,
    order: settings.order,
    repeat: settings.repeat,
    warmup: settings.warmup,
    seed: settings.seed,
    nonce: settings.nonce,
    keep_tapes: settings.keepTapes,
    keep_text: settings.keepText,
    request_limits: {
      connect_ms: requestLimits.connectMs,
      first_token_ms: requestLimits.firstTokenMs,
      stall_ms: requestLimits.stallMs,
      total_ms: requestLimits.totalMs,
      body_bytes: requestLimits.bodyBytes,
      event_bytes: requestLimits.eventBytes,
      events: requestLimits.events,
      header_bytes: requestLimits.headerBytes,
    },
    run_limits: {
      duration_ms: runLimits.durationMs,
      requests: runLimits.requests,
      output_tokens: runLimits.outputTokens,
      cost_usd: runLimits.costUsd,
    },
    slo: { ...settings.slo } as Record<string, JsonValue>,
    validity: {
      late_ms: settings.validity.lateMs,
      late_share: settings.validity.lateShare,
      cpu_share: settings.validity.cpuShare,
    },
    grading: publicGrading(settings.grading),
    calibrate: settings.calibrate,
    chunk_rate: settings.chunkRate,
  };
}

/** As the manifest has it, twice: as a setting, and beside what came of it. */
export function publicGrading(grading: GradingSettings): JsonObject {
  const { judge } = grading;
  return {
    enabled: grading.enabled,
    run_code: grading.runCode,
    run_javascript: grading.runJavascript,
    regex_ms: grading.regexMs,
    code_timeout_ms: grading.codeTimeoutMs,
    code_memory_mb: grading.codeMemoryMb,
    judge:
      judge === null
        ? null
        : {
            model: judge.model,
            parameters: judge.parameters,
            concurrency: judge.concurrency,
            retries: judge.retries,
            timeout_ms: judge.timeoutMs,
            max_cost_usd: judge.maxCostUsd,
          },
  };
}
