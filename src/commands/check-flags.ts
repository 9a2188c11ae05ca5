import type { GateFlags } from '../config/gate-flags.ts';
import { usageError } from '../errors.ts';
import type { RunCommandFlags } from './run.ts';

export interface CheckCommandFlags extends RunCommandFlags, GateFlags {
  /** False with `--no-ci-output`. */
  ciOutput?: boolean;
}

/** What to do where a check has nothing to judge by. */
export function nothingToJudgeBy(): Error {
  return usageError(
    'there is nothing to judge by',
    [
      'give a limit, a second arm to send at the same time, or earlier runs:',
      "    tokentape check --threshold 'ttft_ms:p(95)<800'",
      '    tokentape check --against TARGET        (or a model, or TARGET/MODEL)',
      '    tokentape check --baseline baselines/',
    ].join('\n'),
  );
}
