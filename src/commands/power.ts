import { resolveWishes } from '../check/settings.ts';
import type { GateFlags } from '../config/gate-flags.ts';
import { loadConfig } from '../config/load.ts';
import { didYouMean, problemsError } from '../diagnostics/format.ts';
import { usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Question } from '../gate/power/metric-power.ts';
import { type Pilot, powerOf } from '../gate/power/power.ts';
import type { PowerResult } from '../gate/power/types.ts';
import { readPowerWishes } from '../gate/power/wishes.ts';
import type { Threshold } from '../gate/thresholds.ts';
import { doubts } from '../report/notes.ts';
import { renderPower } from '../report/power/text.ts';
import { readPilot } from '../run/pilot.ts';
import { openRun } from '../store/read.ts';
import type { Manifest } from '../store/types.ts';
import { processOutput } from './output.ts';
import { resultsDir } from './stored.ts';

export interface PowerFlags
  extends Pick<GateFlags, 'metric' | 'threshold' | 'pairs' | 'failFrom' | 'passBelow' | 'alpha'> {
  config?: string;
  change?: string[];
  certainty: string;
  model?: string[];
  suite?: string[];
  output?: string;
  seed: string;
  json?: boolean;
}

/** `tokentape power`: what a check would see, and what it would cost, from the noise of a run. */
export async function powerCommand(name: string, flags: PowerFlags): Promise<ExitCode> {
  const output = processOutput();
  const { question, thresholds } = readQuestion(flags);
  const { manifest, path } = await openRun(name, resultsDir(flags.output));
  const scope = { models: flags.model, suites: flags.suite };
  const pilot = await readPilot({ manifest, path }, scope);
  checkScope(pilot, manifest, flags);
  const { settings, certainty, seed } = question;
  const answer = powerOf(pilot, thresholds, question);
  const result: PowerResult = {
    schema_version: 1,
    run_id: manifest.run_id,
    simulated: manifest.simulated,
    certainty,
    alpha: settings.alpha,
    looks: settings.looks,
    tail_looks: settings.tailLooks,
    seed,
    ...answer,
    remarks: doubts(manifest),
  };
  output.write(
    flags.json === true
      ? `${JSON.stringify(result, null, 2)}\n`
      : `${renderPower(result, { columns: output.columns, colour: output.colour })}\n`,
  );
  return EXIT.done;
}

/** @throws TokentapeError (exit 2) that lists every mistake at once */
function readQuestion(flags: PowerFlags): {
  question: Omit<Question, 'tests' | 'checks'>;
  thresholds: Threshold[];
} {
  const loaded = loadConfig({ path: flags.config, cwd: process.cwd(), env: process.env });
  const { wishes, problems } = resolveWishes(loaded, flags);
  const asked = readPowerWishes(flags);
  const all = [...loaded.problems, ...problems, ...asked.problems];
  if (all.length > 0) throw problemsError(all);
  const { settings, thresholds } = wishes;
  // Limits are decided without a second arm, unless metrics to compare are asked for as well.
  const limitsAlone = thresholds.length > 0 && flags.metric === undefined;
  return {
    thresholds,
    question: {
      ...asked.wishes,
      settings: limitsAlone ? { ...settings, metrics: [] } : settings,
      seed: flags.seed,
    },
  };
}

/** @throws TokentapeError (exit 2) for models and suites that the run lacks, and a run without requests */
function checkScope({ sources }: Pilot, { run_id, planned }: Manifest, flags: PowerFlags): void {
  const models = planned.flatMap(({ model, label }) => [label, model]);
  const suites = planned.map(({ suite }) => suite);
  for (const [what, wanted, known] of [
    ['model', flags.model ?? [], models],
    ['suite', flags.suite ?? [], suites],
  ] as const) {
    const missing = wanted.find((one) => !known.includes(one));
    if (missing !== undefined) {
      const there = `there are ${[...new Set(known)].join(', ')}`;
      throw usageError(`no ${what} ${missing} in ${run_id}`, didYouMean(missing, known, there));
    }
  }
  if (sources.length > 0) return;
  throw usageError(
    `${run_id} has no measured request to know a noise by`,
    'name a run that has, or send one: tokentape run -n 60',
  );
}
