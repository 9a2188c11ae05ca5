import { CHANGE_FORM, parseChange } from '../../config/change.ts';
import type { Problem } from '../../diagnostics/types.ts';

/** What is asked, beyond how the check judges. */
export interface PowerWishes {
  /** Shares, each once. */
  changes: number[];
  certainty: number;
  /** Pairs of each model to send; `null` where none are asked for. */
  pilotPairs: number | null;
}

/** Flags as they were typed. */
export interface PowerWords {
  change?: readonly string[] | undefined;
  certainty: string;
  pilot?: string | undefined;
}

const DEFAULT_CHANGE = '10%';
/** Fewer tell nothing, more are a check of their own. */
const PILOT = { least: 12, most: 10_000 };
const CERTAINTY_FORM = 'a share over 50% and below 100%, as 95% or 0.95';

export function readPowerWishes({ change = [DEFAULT_CHANGE], certainty, pilot }: PowerWords): {
  wishes: PowerWishes;
  problems: Problem[];
} {
  const problems: Problem[] = [];
  const report = (file: string, form: string, text: string) =>
    problems.push({
      file,
      line: 0,
      column: 0,
      path: '',
      message: `must be ${form}, and is not '${text}'`,
    });
  const changes = change.flatMap((text) => {
    // Of shares a change is in points, and whoever says so means hundredths.
    const read = parseChange(text.replace(/^\s*[+-]/, '').replace(/\s*(pp|pt|points?)\s*$/, '%'));
    if (read === undefined) report('--change', CHANGE_FORM, text);
    return read ?? [];
  });
  const share = parseChange(certainty);
  if (share === undefined || share <= 0.5 || share >= 1) {
    report('--certainty', CERTAINTY_FORM, certainty);
  }
  const pairs = pilot === undefined ? null : Number(pilot);
  const isCount = pairs === null || (Number.isInteger(pairs) && pairs >= PILOT.least);
  if (!isCount || (pairs ?? 0) > PILOT.most) {
    report('--pilot', `a whole number from ${PILOT.least} to ${PILOT.most}`, pilot ?? '');
  }
  return {
    wishes: { changes: [...new Set(changes)], certainty: share ?? 0, pilotPairs: pairs },
    problems,
  };
}
