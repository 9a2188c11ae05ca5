import { relative, resolve } from 'node:path';
import type { Problem } from '../diagnostics/types.ts';
import { parseDuration } from './duration.ts';
import { type Given, readGiven } from './given.ts';
import { resolveGrading } from './grading-settings.ts';
import type { LoadedConfig } from './load.ts';
import type { RunFlags } from './run-flags.ts';
import { DURATION, NAMES, ON_OFF, ORDER, SHARE, TEXT, USD, wholeNumber } from './setting-kinds.ts';
import type { RequestLimits, RunLimits, RunSettings, Slo, ValidityLimits } from './types.ts';

/** What a request may take where nothing else is said. */
export const DEFAULT_REQUEST_LIMITS: RequestLimits = {
  connectMs: 10_000,
  firstTokenMs: 120_000,
  stallMs: 60_000,
  totalMs: 600_000,
  bodyBytes: 40 * 1024 * 1024,
  inFlightBytes: 512 * 1024 * 1024,
  eventBytes: 8 * 1024 * 1024,
  events: 200_000,
  headerBytes: 64 * 1024,
};

/** What the client's own slowness may come to where nothing else is said: docs/validity.md. */
export const DEFAULT_VALIDITY: ValidityLimits = { lateMs: 2, lateShare: 0.01, cpuShare: 0.8 };
/** As a model of middling speed streams. */
export const DEFAULT_CHUNK_RATE = 50;

/**
 * How a run is made. Precedence: flag, `TOKENTAPE_*` variable, `defaults` of the config, built in. An
 * empty variable counts as unset.
 * @param options `drawSeed` gives the seed where nobody else does: 32 random bits in hex
 * @returns problems name the flag or the variable, and have no line
 */
export function resolveSettings(
  loaded: LoadedConfig,
  flags: RunFlags,
  options: { cwd: string; drawSeed: () => string },
): { settings: RunSettings; problems: Problem[] } {
  const problems: Problem[] = [];
  const given = readGiven(loaded.env, flags, problems);
  const defaults = loaded.config.defaults ?? {};
  const suites = defaults.suite ?? 'smoke';
  const settings: RunSettings = {
    suites: given('suite', NAMES) ?? (typeof suites === 'string' ? [suites] : suites),
    concurrency: given('concurrency', wholeNumber(1, 100_000)) ?? defaults.concurrency ?? 8,
    order: given('order', ORDER) ?? defaults.order ?? 'parallel',
    repeat: given('repeat', wholeNumber(1)) ?? defaults.repeat ?? 1,
    warmup: given('warmup', wholeNumber(0)) ?? defaults.warmup ?? 0,
    seed: given('seed', TEXT) ?? String(defaults.seed ?? options.drawSeed()),
    nonce: given('nonce', ON_OFF) ?? defaults.nonce ?? true,
    keepTapes: given('tapes', ON_OFF) ?? defaults.keep_tapes ?? true,
    keepText: given('text', ON_OFF) ?? defaults.keep_text ?? true,
    outputDir: given('output', TEXT) ?? configuredOutput(loaded, options.cwd) ?? 'results',
    requestLimits: resolveRequestLimits(given, defaults),
    runLimits: resolveRunLimits(given, defaults),
    slo: definedOf(loaded.config.slo ?? {}),
    validity: resolveValidity(given, loaded),
    grading: resolveGrading(given, loaded.config.grading ?? {}),
    calibrate: given('calibrate', ON_OFF) ?? defaults.calibrate ?? true,
    chunkRate:
      given('chunkRate', wholeNumber(1, 10_000)) ?? defaults.chunk_rate ?? DEFAULT_CHUNK_RATE,
  };
  return { settings, problems };
}

type Defaults = NonNullable<LoadedConfig['config']['defaults']>;

function resolveRequestLimits(
  given: Given<RunFlags>,
  { timeouts = {}, limits = {} }: Defaults,
): RequestLimits {
  const base = DEFAULT_REQUEST_LIMITS;
  return {
    connectMs: given('connectTimeout', DURATION) ?? msOf(timeouts.connect) ?? base.connectMs,
    firstTokenMs:
      given('firstTokenTimeout', DURATION) ?? msOf(timeouts.first_token) ?? base.firstTokenMs,
    stallMs: given('stallTimeout', DURATION) ?? msOf(timeouts.stall) ?? base.stallMs,
    totalMs: given('timeout', DURATION) ?? msOf(timeouts.total) ?? base.totalMs,
    bodyBytes: limits.body_bytes ?? base.bodyBytes,
    inFlightBytes: limits.in_flight_bytes ?? base.inFlightBytes,
    eventBytes: limits.event_bytes ?? base.eventBytes,
    events: limits.events ?? base.events,
    headerBytes: limits.header_bytes ?? base.headerBytes,
  };
}

function resolveRunLimits(given: Given<RunFlags>, defaults: Defaults): RunLimits {
  return {
    durationMs: given('duration', DURATION) ?? msOf(defaults.duration) ?? null,
    requests: given('requests', wholeNumber(1)) ?? defaults.requests ?? null,
    outputTokens: given('maxTokensTotal', wholeNumber(1)) ?? defaults.max_tokens_total ?? null,
    costUsd: given('maxCost', USD) ?? defaults.max_cost ?? null,
  };
}

function resolveValidity(
  given: Given<RunFlags>,
  { config: { validity = {} } }: LoadedConfig,
): ValidityLimits {
  const base = DEFAULT_VALIDITY;
  return {
    lateMs: validity.late_ms ?? base.lateMs,
    lateShare: given('lateShare', SHARE) ?? validity.late_share ?? base.lateShare,
    cpuShare: given('cpuShare', SHARE) ?? validity.cpu_share ?? base.cpuShare,
  };
}

function msOf(configured: string | undefined): number | undefined {
  return configured === undefined ? undefined : parseDuration(configured);
}

/** Relative to the config's folder as written; relative to `cwd` as used and shown. */
function configuredOutput({ config, directory }: LoadedConfig, cwd: string): string | undefined {
  const output = config.defaults?.output;
  return output === undefined ? undefined : relative(cwd, resolve(directory, output)) || '.';
}

function definedOf(slo: { [Key in keyof Slo]: Slo[Key] | undefined }): Slo {
  return Object.fromEntries(Object.entries(slo).filter(([, value]) => value !== undefined));
}
