import { resolveWishes } from '../check/settings.ts';
import type { GateFlags } from '../config/gate-flags.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { RunFlags } from '../config/run-flags.ts';
import type { Problem } from '../diagnostics/types.ts';
import type { Question } from '../gate/power/metric-power.ts';
import { readPowerWishes } from '../gate/power/wishes.ts';
import type { Threshold } from '../gate/thresholds.ts';
import { type CommonFlags, readThresholds } from '../run/inputs.ts';
import type { ProfileName } from '../simulator/profiles.ts';

type JudgingFlags = Pick<
  GateFlags,
  'metric' | 'threshold' | 'baseline' | 'pairs' | 'failFrom' | 'passBelow' | 'alpha'
>;

export interface PowerFlags extends CommonFlags, RunFlags, JudgingFlags {
  change?: string[];
  certainty: string;
  pilot?: string;
  profile?: ProfileName;
  json?: boolean;
  dryRun?: boolean;
  quiet?: boolean;
  verbose?: boolean;
}

/** What is asked, by flags, variables and config. */
export interface PowerAsked {
  question: Omit<Question, 'tests' | 'checks'>;
  thresholds: Threshold[];
  /** Limits of the config, which the check judges as well. */
  configured: Threshold[];
  /** Earlier runs that the next one is held against; empty where none are named. */
  baseline: readonly string[];
  /** Pairs to send; `null` where an earlier run tells the noise. */
  pilotPairs: number | null;
}

/** The same pairs are drawn wherever nothing else is asked for, so that an answer can be had again. */
const DEFAULT_SEED = 'power';

export function readPowerFlags(
  loaded: LoadedConfig,
  flags: PowerFlags,
): { asked: PowerAsked; problems: Problem[] } {
  const { wishes, problems } = resolveWishes(loaded, flags);
  const power = readPowerWishes(flags);
  const ofConfig = readThresholds(loaded);
  const { settings, thresholds } = wishes;
  // Limits are decided without a second arm, unless metrics to compare are asked for as well.
  const limitsAlone =
    thresholds.length > 0 && flags.metric === undefined && flags.baseline === undefined;
  return {
    asked: {
      thresholds,
      configured: ofConfig.thresholds,
      baseline: flags.baseline ?? [],
      pilotPairs: power.wishes.pilotPairs,
      question: {
        changes: power.wishes.changes,
        certainty: power.wishes.certainty,
        settings: limitsAlone ? { ...settings, metrics: [] } : settings,
        seed: flags.seed ?? DEFAULT_SEED,
      },
    },
    problems: [...ofConfig.problems, ...problems, ...power.problems],
  };
}
