import { parseDuration } from '../config/duration.ts';
import type { GateFlags } from '../config/gate-flags.ts';
import { readGiven } from '../config/given.ts';
import type { LoadedConfig } from '../config/load.ts';
import { flagName, variableName } from '../config/run-flags.ts';
import {
  ALPHA,
  DURATION,
  NAMES,
  type SettingKind,
  TEXT,
  wholeNumber,
} from '../config/setting-kinds.ts';
import type { Problem } from '../diagnostics/types.ts';
import { type GatedMetric, parseGatedMetric } from '../gate/metric.ts';
import { DEFAULT_GATE, type GateSettings } from '../gate/settings.ts';
import { parseThreshold, type Threshold } from '../gate/thresholds.ts';
import { configPlace, flagPlace, type Report, readChanges } from './changes.ts';

/** What a check is asked to judge, and how. */
export interface CheckWishes {
  settings: GateSettings;
  /** Those of flags; the config's are read with the rest of it. */
  thresholds: Threshold[];
  /** A model, a target or both; `null` where no second arm is asked for. */
  against: string | null;
  /** Earlier runs; empty where none are asked for. */
  baseline: readonly string[];
  /** No request is sent after this long; `null` without such a limit. */
  maxDurationMs: number | null;
  /** As they were written: `junit=FILE`. */
  reports: readonly string[];
}

type GateConfig = NonNullable<LoadedConfig['config']['gate']>;

const P99 = 0.99;

/**
 * How a check judges. Precedence: flag, `TOKENTAPE_*` variable, `gate` of the config, built in. What a
 * flag holds the run against counts alone, whatever the variables or the config would hold it against.
 * @param base in place of what is built in and of the config: of a stored check, how it was judged
 */
export function resolveWishes(
  loaded: LoadedConfig,
  flags: GateFlags,
  base?: GateSettings,
): { wishes: CheckWishes; problems: Problem[] } {
  const problems: Problem[] = [];
  const report: Report = (place, what) => problems.push({ ...place, ...what });
  const gate: GateConfig = base === undefined ? (loaded.config.gate ?? {}) : {};
  const given = readGiven(loaded.env, flags, problems);
  const typed = flags.against !== undefined || flags.baseline !== undefined;
  const namedBy = <T>(flag: 'against' | 'baseline', kind: SettingKind<T>) =>
    typed && flags[flag] === undefined ? undefined : given(flag, kind);
  const against = namedBy('against', TEXT);
  const baseline = namedBy('baseline', NAMES);
  if (against !== undefined && baseline !== undefined) {
    const name = typed ? flagName : variableName;
    report(flagPlace(name('against')), {
      message: `cannot go with ${name('baseline')}`,
      remedy: 'hold the run either against a second arm or against earlier runs',
    });
  } else if (gate.against !== undefined && gate.baseline !== undefined) {
    report(configPlace(loaded, ['gate', 'baseline']), {
      message: 'cannot go with gate.against',
      remedy: 'hold the run either against a second arm or against earlier runs',
    });
  }
  const named = against ?? baseline;
  const wishes: CheckWishes = {
    settings: settingsOf(loaded, gate, given, base, report),
    thresholds: thresholdsOf(flags.threshold ?? [], report),
    against: against ?? (named === undefined ? gate.against : undefined) ?? null,
    baseline: baseline ?? (named === undefined ? listOf(gate.baseline) : undefined) ?? [],
    maxDurationMs:
      given('maxDuration', DURATION) ??
      (gate.max_duration === undefined ? undefined : parseDuration(gate.max_duration)) ??
      null,
    reports: flags.report ?? listOf(loaded.config.gate?.report) ?? [],
  };
  return { wishes, problems };
}

function settingsOf(
  loaded: LoadedConfig,
  gate: GateConfig,
  given: ReturnType<typeof readGiven<GateFlags>>,
  stored: GateSettings | undefined,
  report: Report,
): GateSettings {
  const base = stored ?? DEFAULT_GATE;
  const metrics = metricsOf(loaded, gate, given, report);
  // What was sent already had its looks.
  const pairs =
    stored !== undefined ? undefined : (given('pairs', wholeNumber(8, 100_000)) ?? gate.pairs);
  return {
    ...base,
    metrics: metrics ?? base.metrics,
    alpha: given('alpha', ALPHA) ?? gate.alpha ?? base.alpha,
    ...readChanges({ loaded, gate, given, base }, report),
    ...(pairs !== undefined && { looks: looksUpTo(pairs), tailLooks: [pairs] }),
  };
}

/** A quarter, a half and all of them. */
function looksUpTo(pairs: number): number[] {
  return [...new Set([Math.ceil(pairs / 4), Math.ceil(pairs / 2), pairs])];
}

function metricsOf(
  loaded: LoadedConfig,
  gate: GateConfig,
  given: ReturnType<typeof readGiven<GateFlags>>,
  report: Report,
): GatedMetric[] | undefined {
  const asked = given('metric', NAMES);
  const configured = listOf(gate.metrics);
  const texts = asked ?? configured;
  if (texts === undefined) return undefined;
  const metrics = new Map<string, GatedMetric>();
  for (const [index, text] of texts.entries()) {
    const read = parseGatedMetric(text);
    const place =
      asked === undefined
        ? configPlace(
            loaded,
            Array.isArray(gate.metrics) ? ['gate', 'metrics', index] : ['gate', 'metrics'],
          )
        : flagPlace('--metric');
    if ('problem' in read) {
      report(place, { message: read.problem, remedy: read.remedy });
    } else if (read.kind === 'quantile' && read.p >= P99) {
      report(place, {
        message: `${read.text} is too far out to be compared: no number of pairs in reach tells`,
        remedy: `give it a limit instead: --threshold '${read.text}<…'`,
      });
    } else {
      metrics.set(read.text, read);
    }
  }
  return [...metrics.values()];
}

function thresholdsOf(texts: readonly string[], report: Report): Threshold[] {
  return texts.flatMap((text) => {
    const read = parseThreshold(text);
    if (!('problem' in read)) return [read];
    // A flag of several values takes what stands behind it, a run too.
    const isRun = /[<>]/.test(text) ? '' : '; a run to judge stands in front of the flags';
    report(flagPlace('--threshold'), {
      message: read.problem,
      remedy: `${read.remedy}${isRun}`,
    });
    return [];
  });
}

function listOf(configured: string | string[] | undefined): string[] | undefined {
  return typeof configured === 'string' ? [configured] : configured;
}
