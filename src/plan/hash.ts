import { createHash } from 'node:crypto';
import type { Model, Order, RunSettings, Target } from '../config/types.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { Case, Suite } from '../suite/types.ts';

/** SHA-256 of a value as JSON with its keys in order, so that equal plans hash equally; hex. */
export function hashOf(value: JsonValue): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${entries.join(',')}}`;
}

/**
 * What a plan hash covers: suites, models, parameters and the shape of load; not the seed, not the
 * nonce. Of a paired plan also who is compared with whom, and in how many pairs at most, which are its
 * shape of load: passes, requests and time only bound it.
 */
export interface PlanParts {
  suites: { name: string; hash: string }[];
  models: { target: string; model: string; parameters: JsonObject }[];
  load: {
    concurrency: number;
    order: Order;
    repeat: number;
    warmup: number;
    duration_ms: number | null;
    /** Measured requests per model and suite. */
    requests: number | null;
    pairs?: number;
    /** By how much passes or requests are more than a run's, where a sample may grow by as much. */
    growth?: number;
  };
  /** Where not all models are asked on all suites. */
  rows?: { target: string; model: string; suite: string }[];
  comparisons?: { suite: string; candidate: ArmName; baseline: ArmName }[];
}

interface ArmName {
  target: string;
  model: string;
}

interface Pairing {
  pairs: number;
  comparisons: readonly { suite: string; candidate: ArmName; baseline: ArmName }[];
}

/** What a plan is made of, as it is hashed, written and compared. */
export function planParts(
  suites: readonly Suite[],
  targets: readonly (Target & { models: Model[] })[],
  settings: RunSettings,
  pairing?: Pairing,
): PlanParts {
  return {
    suites: suites.map(({ name, hash }) => ({ name, hash })),
    models: targets.flatMap((target) =>
      target.models.map((model) => ({
        target: target.name,
        model: model.name,
        parameters: model.parameters,
      })),
    ),
    load: {
      concurrency: settings.concurrency,
      order: settings.order,
      repeat: settings.repeat,
      warmup: settings.warmup,
      duration_ms: settings.runLimits.durationMs,
      requests: settings.runLimits.requests,
      ...(pairing && { repeat: 1, duration_ms: null, requests: null, pairs: pairing.pairs }),
    },
    ...(pairing && {
      comparisons: pairing.comparisons.map(({ suite, candidate, baseline }) => ({
        suite,
        candidate: { target: candidate.target, model: candidate.model },
        baseline: { target: baseline.target, model: baseline.model },
      })),
    }),
  };
}

/** Equal for plans that are made of the same. */
export function planHash({ load, ...parts }: PlanParts): string {
  const { duration_ms: durationMs, ...shape } = load;
  return hashOf({ ...parts, load: { ...shape, durationMs } } as unknown as JsonObject);
}

/** Covers the prompts as drawn, in their order; the nonce is no part of them. */
export function promptsHash(drawn: readonly { suite: string; cases: readonly Case[] }[]): string {
  return hashOf(
    drawn.map(({ suite, cases }) => ({
      suite,
      cases: cases.map(({ id, system, turns }) => {
        return { id, system, turns: turns.map(({ text }) => text) };
      }),
    })),
  );
}
