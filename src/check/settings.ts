import { parseChange } from '../config/change.ts';
import { parseDuration } from '../config/duration.ts';
import type { GateFlags } from '../config/gate-flags.ts';
import { readGiven } from '../config/given.ts';
import type { LoadedConfig } from '../config/load.ts';
import { ALPHA, CHANGE, DURATION, NAMES, TEXT, wholeNumber } from '../config/setting-kinds.ts';
import type { Problem } from '../diagnostics/types.ts';
import { type GatedMetric, parseGatedMetric } from '../gate/metric.ts';
import { type ChangeLimits, DEFAULT_GATE, type GateSettings } from '../gate/settings.ts';
import { parseThreshold, type Threshold } from '../gate/thresholds.ts';

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
type Report = (place: Pick<Problem, 'file' | 'line' | 'column' | 'path'>, what: Mistake) => void;
interface Mistake {
  message: string;
  remedy?: string;
}

const P99 = 0.99;

/**
 * How a check judges. Precedence: flag, `TOKENTAPE_*` variable, `gate` of the config, built in. What a
 * flag holds the run against counts alone, whatever the config would hold it against.
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
  const against = given('against', TEXT);
  const baseline = given('baseline', NAMES);
  if (against !== undefined && baseline !== undefined) {
    report(flagPlace('--against'), {
      message: 'cannot go with --baseline',
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
    settings: settingsOf(loaded, gate, given, base ?? DEFAULT_GATE, report),
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
  base: GateSettings,
  report: Report,
): GateSettings {
  const metrics = metricsOf(loaded, gate, given, report);
  const pairs = given('pairs', wholeNumber(8, 100_000)) ?? gate.pairs;
  const median = {
    failFrom: given('failFrom', CHANGE) ?? changeOf(gate.fail_from) ?? base.median.failFrom,
    passBelow: given('passBelow', CHANGE) ?? changeOf(gate.pass_below) ?? base.median.passBelow,
  };
  if (median.passBelow < median.failFrom) {
    const place = gate.pass_below === undefined ? [] : ['gate', 'pass_below'];
    report(place.length === 0 ? flagPlace('--pass-below') : configPlace(loaded, place), {
      message: 'must be no smaller than what fails (--fail-from)',
    });
  }
  return {
    ...base,
    metrics: metrics ?? base.metrics,
    alpha: given('alpha', ALPHA) ?? gate.alpha ?? base.alpha,
    median,
    tail: changesOf(gate.tail, base.tail),
    errorRate: changesOf(gate.error_rate, base.errorRate),
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

function changesOf(configured: GateConfig['tail'], base: ChangeLimits): ChangeLimits {
  return {
    failFrom: changeOf(configured?.fail_from) ?? base.failFrom,
    passBelow: changeOf(configured?.pass_below) ?? base.passBelow,
  };
}

function changeOf(configured: string | number | undefined): number | undefined {
  return configured === undefined ? undefined : parseChange(configured);
}

function listOf(configured: string | string[] | undefined): string[] | undefined {
  return typeof configured === 'string' ? [configured] : configured;
}

function flagPlace(flag: string): Pick<Problem, 'file' | 'line' | 'column' | 'path'> {
  return { file: flag, line: 0, column: 0, path: '' };
}

function configPlace(loaded: LoadedConfig, path: (string | number)[]) {
  return { file: loaded.file ?? '', ...loaded.locate(path), path: path.join('.') };
}
