import type { JsonObject, JsonValue } from '../json.ts';
import { hashOf, type PlanParts } from '../plan/hash.ts';
import type { HistoryIdentity } from './types.ts';

/** Differences that are named; a plan with more is another one anyhow. */
const NAMED_MOST = 4;
const HASH_DIGITS = 8;
const VALUE_LENGTH = 40;

/**
 * Why figures of a run are not those of a history, from the history to the run: `concurrency 8 → 16,
 * DeepSeek-R1: temperature 0.6 → 0.2`.
 * @returns `null` where they are
 */
export function differenceFrom(history: HistoryIdentity, run: HistoryIdentity): string | null {
  const named = [
    ...simulationDifference(history, run),
    ...valueDifference('metric definitions', history.metrics_version, run.metrics_version),
    ...planDifferences(history, run),
  ];
  if (named.length === 0) return null;
  const shown = named.slice(0, NAMED_MOST).join(', ');
  return named.length > NAMED_MOST ? `${shown} and ${named.length - NAMED_MOST} more` : shown;
}

function simulationDifference(history: HistoryIdentity, run: HistoryIdentity): string[] {
  if (history.simulated === run.simulated) return [];
  const whose = (simulated: boolean) => (simulated ? 'simulated' : "a provider's");
  return [`figures ${whose(history.simulated)} → ${whose(run.simulated)}`];
}

function planDifferences(history: HistoryIdentity, run: HistoryIdentity): string[] {
  if (history.plan_hash === run.plan_hash) return [];
  const named =
    history.plan === null || run.plan === null ? [] : partDifferences(history.plan, run.plan);
  if (named.length > 0) return named;
  const known = history.plan !== null && run.plan !== null;
  const hashes = `${shortHash(history.plan_hash)} → ${shortHash(run.plan_hash)}`;
  return [`plan ${hashes}${known ? ' (the order of suites or models)' : ''}`];
}

function partDifferences(history: PlanParts, run: PlanParts): string[] {
  return [
    ...suiteDifferences(history.suites, run.suites),
    ...modelDifferences(history.models, run.models),
    ...loadDifferences(history.load, run.load),
    ...comparisonDifferences(history.comparisons, run.comparisons),
  ];
}

function suiteDifferences(history: PlanParts['suites'], run: PlanParts['suites']): string[] {
  return pairUp(history, run, ({ name }) => name).flatMap(([name, before, now]) => {
    if (before === undefined) return [`suite ${name} is new`];
    if (now === undefined) return [`suite ${name} is gone`];
    if (before.hash === now.hash) return [];
    return [`suite ${name} changed: hash ${shortHash(before.hash)} → ${shortHash(now.hash)}`];
  });
}

function modelDifferences(history: PlanParts['models'], run: PlanParts['models']): string[] {
  const targets = new Set([...history, ...run].map(({ target }) => target));
  const nameOf = ({ target, model }: PlanParts['models'][number]) =>
    targets.size > 1 ? `${model} at ${target}` : model;
  const renamed = renamedTarget(history, run);
  if (renamed !== null) return [renamed];
  return pairUp(history, run, nameOf).flatMap(([name, before, now]) => {
    if (before === undefined) return [`model ${name} is new`];
    if (now === undefined) return [`model ${name} is gone`];
    return objectDifferences(before.parameters, now.parameters).map((each) => `${name}: ${each}`);
  });
}

/** One target instead of another, the models being the same: one difference, not two of each model. */
function renamedTarget(history: PlanParts['models'], run: PlanParts['models']): string | null {
  const [before, now] = [history, run].map((models) => models.map(({ target }) => target));
  const [from, to] = [new Set(before), new Set(now)];
  const without = (models: PlanParts['models']) =>
    models.map(({ target: _, ...rest }) => rest) as unknown as JsonValue;
  const [one] = from;
  const [other] = to;
  if (from.size !== 1 || to.size !== 1 || one === other) return null;
  return hashOf(without(history)) === hashOf(without(run)) ? `target ${one} → ${other}` : null;
}

function loadDifferences(history: PlanParts['load'], run: PlanParts['load']): string[] {
  const spoken = ({ duration_ms, requests, pairs, ...rest }: PlanParts['load']): JsonObject => ({
    ...rest,
    duration: duration_ms === null ? null : `${duration_ms / 1000} s`,
    'requests of each': requests,
    ...(pairs !== undefined && { pairs }),
  });
  return objectDifferences(spoken(history), spoken(run));
}

function comparisonDifferences(
  history: PlanParts['comparisons'],
  run: PlanParts['comparisons'],
): string[] {
  const kind = (comparisons: PlanParts['comparisons']) =>
    comparisons === undefined ? 'models alone' : 'pairs';
  if ((history === undefined) !== (run === undefined)) {
    return valueDifference('sent as', kind(history), kind(run));
  }
  return hashOf((history ?? null) as unknown as JsonValue) ===
    hashOf((run ?? null) as unknown as JsonValue)
    ? []
    : ['who is compared with whom'];
}

function objectDifferences(before: JsonObject, now: JsonObject): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return keys.flatMap((key) => valueDifference(key, before[key] ?? null, now[key] ?? null));
}

function valueDifference(name: string, before: JsonValue, now: JsonValue): string[] {
  return hashOf(before) === hashOf(now) ? [] : [`${name} ${written(before)} → ${written(now)}`];
}

function written(value: JsonValue): string {
  if (value === null) return 'none';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > VALUE_LENGTH ? `${text.slice(0, VALUE_LENGTH)}…` : text;
}

function shortHash(hash: string): string {
  return hash.slice(0, HASH_DIGITS);
}

function pairUp<T>(
  before: readonly T[],
  now: readonly T[],
  nameOf: (item: T) => string,
): [string, T | undefined, T | undefined][] {
  const [old, fresh] = [before, now].map(
    (items) => new Map(items.map((one) => [nameOf(one), one])),
  );
  const names = new Set([...(old?.keys() ?? []), ...(fresh?.keys() ?? [])]);
  return [...names].map((name) => [name, old?.get(name), fresh?.get(name)]);
}
