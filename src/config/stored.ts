import { usageError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { DialectName, JudgeSettings, Model, Protocol, Slo, Target } from './types.ts';

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
