import type { Sender } from '../capture/sender.ts';
import type { JudgeSettings, RequestLimits, Target } from '../config/types.ts';
import type { Redactor } from '../secrets.ts';
import type { JudgeCall, JudgeLookup } from './types.ts';

export interface JudgeOptions {
  settings: JudgeSettings;
  lookup: JudgeLookup;
  /** Opens a connection of its own to a target; never while anything is measured. */
  open: (target: Target, limits: RequestLimits) => Promise<Sender>;
  /** Limits of a reply; its times are those of the settings. */
  requestLimits: RequestLimits;
  /** The run's seed. */
  seed: string;
  /** Where calls are written as they end; `null` where none are made. */
  journal: { append(call: JudgeCall): void } | null;
  /** Of the keys of the whole run: a judge is shown none, and none that it says is kept. */
  redactor: Redactor;
  /** Whether what the judge says is written, which may quote the answer. */
  keepText: boolean;
  /** Calls of earlier gradings of the run: their verdicts are taken before anybody is asked. */
  known?: Iterable<JudgeCall>;
  /** Whether the report counts these calls too: where they are of the same run, which went on. */
  countsKnown?: boolean;
  /** Why nobody may be asked now, as «run …»; absent where requests may be sent. */
  unasked?: string;
  /** Uniform in [0, 1), for the waits between retries. */
  draw?: () => number;
}
