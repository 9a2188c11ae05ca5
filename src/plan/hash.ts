import { createHash } from 'node:crypto';
import type { Model, RunSettings, Target } from '../config/types.ts';
import type { JsonValue } from '../json.ts';
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

/** What the hash of a paired plan covers besides. */
interface Pairing {
  pairs: number;
  comparisons: readonly { suite: string; candidate: ArmName; baseline: ArmName }[];
}

interface ArmName {
  target: string;
  model: string;
}

/**
 * Covers suites, models, parameters and the shape of load; not the seed, not the nonce. Of a paired
 * plan also who is compared with whom, and in how many pairs at most, which are its shape of load:
 * passes, requests and time only bound it.
 */
export function planHash(
  suites: readonly Suite[],
  targets: readonly (Target & { models: Model[] })[],
  settings: RunSettings,
  pairing?: Pairing,
): string {
  const { durationMs, requests } = settings.runLimits;
  return hashOf({
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
      durationMs,
      requests,
      ...(pairing && { repeat: 1, durationMs: null, requests: null, pairs: pairing.pairs }),
    },
    ...(pairing && {
      comparisons: pairing.comparisons.map(({ suite, candidate, baseline }) => ({
        suite,
        candidate: { target: candidate.target, model: candidate.model },
        baseline: { target: baseline.target, model: baseline.model },
      })),
    }),
  });
}

/** Covers the prompts as drawn, in their order; the nonce is no part of them. */
export function promptsHash(drawn: readonly { suite: string; cases: readonly Case[] }[]): string {
  return hashOf(
    drawn.map(({ suite, cases }) => ({
      suite,
      cases: cases.map(({ id, system, turns }) => ({ id, system, turns })),
    })),
  );
}
