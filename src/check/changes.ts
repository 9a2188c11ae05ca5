import { parseChange } from '../config/change.ts';
import type { GateFlags } from '../config/gate-flags.ts';
import type { Given } from '../config/given.ts';
import type { LoadedConfig } from '../config/load.ts';
import { CHANGE } from '../config/setting-kinds.ts';
import type { Problem } from '../diagnostics/types.ts';
import type { ChangeLimits, GateSettings } from '../gate/settings.ts';

type Place = Pick<Problem, 'file' | 'line' | 'column' | 'path'>;
/** Keeps a mistake, where it is and what to do. */
export type Report = (place: Place, what: Pick<Problem, 'message' | 'remedy'>) => void;
type GateConfig = NonNullable<LoadedConfig['config']['gate']>;

interface ChangeSources {
  loaded: LoadedConfig;
  /** Empty where the config does not count. */
  gate: GateConfig;
  given: Given<GateFlags>;
  base: GateSettings;
}

/** What changes fail and pass: of medians by flag, variable or config, of all else by the config. */
export function readChanges(
  { loaded, gate, given, base }: ChangeSources,
  report: Report,
): Pick<GateSettings, 'median' | 'tail' | 'errorRate' | 'score' | 'watchScore'> {
  const median = {
    failFrom: given('failFrom', CHANGE) ?? changeOf(gate.fail_from) ?? base.median.failFrom,
    passBelow: given('passBelow', CHANGE) ?? changeOf(gate.pass_below) ?? base.median.passBelow,
  };
  if (median.passBelow < median.failFrom) {
    const isConfigured = gate.pass_below !== undefined;
    const place = isConfigured
      ? configPlace(loaded, ['gate', 'pass_below'])
      : flagPlace('--pass-below');
    report(place, { message: 'must be no smaller than what fails (--fail-from)' });
  }
  const configured = (name: 'tail' | 'error_rate' | 'score', of: ChangeLimits): ChangeLimits => {
    const own = gate[name];
    if (own === undefined) return of;
    const failFrom = changeOf(own.fail_from) ?? of.failFrom;
    const passBelow = changeOf(own.pass_below) ?? of.passBelow;
    if (passBelow < failFrom) {
      const key = own.pass_below === undefined ? 'fail_from' : 'pass_below';
      report(configPlace(loaded, ['gate', name, key]), {
        message: `what passes (pass_below, ${passBelow}) must be no smaller than what fails (fail_from, ${failFrom})`,
      });
    }
    return { failFrom, passBelow };
  };
  return {
    median,
    tail: configured('tail', base.tail),
    errorRate: configured('error_rate', base.errorRate),
    score: configured('score', base.score),
    watchScore: gate.score?.watch ?? base.watchScore,
  };
}

function changeOf(configured: string | number | undefined): number | undefined {
  return configured === undefined ? undefined : parseChange(configured);
}

export function flagPlace(flag: string): Place {
  return { file: flag, line: 0, column: 0, path: '' };
}

export function configPlace(loaded: LoadedConfig, path: (string | number)[]): Place {
  return { file: loaded.file ?? '', ...loaded.locate(path), path: path.join('.') };
}
