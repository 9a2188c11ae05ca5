import type { ExitCode } from '../exit-codes.ts';
import type { MeasuringThread } from '../load/measuring-thread.ts';
import { buildPairedPlan, type PairedPlan } from '../plan/pairs.ts';
import type { RunInputs } from '../run/inputs.ts';
import { type PreparedRun, preparePlanned } from '../run/prepare.ts';
import type { RunResult } from '../run/run.ts';
import type { Output } from './output.ts';
import type { PowerFlags } from './power-flags.ts';
import { remarkOnSimulation, runToItsEnd } from './run-to-end.ts';

export type PreparedPilot = PreparedRun<PairedPlan>;

/**
 * Pairs of each model against itself, which nothing but chance tells apart.
 * @throws TokentapeError (exit 2) as `prepareRun`
 */
export function preparePilot(
  inputs: RunInputs,
  pairs: number,
  flags: Pick<PowerFlags, 'profile'>,
): Promise<PreparedPilot> {
  const { suites, settings } = inputs;
  return preparePlanned(inputs, flags.profile, (targets) => {
    const places = targets.flatMap(({ name, models }) =>
      models.map((model) => ({ target: name, model })),
    );
    const opponents = places.map((place) => ({ candidate: place, baseline: place }));
    return { plan: buildPairedPlan({ suites, targets, settings, opponents, pairs }), targets };
  });
}

export async function sendPilot(
  { suites, settings, loaded, tokenizers }: RunInputs,
  { plan, targets, judges, notes }: PreparedPilot,
  thread: MeasuringThread,
  output: Output,
  flags: PowerFlags,
): Promise<{ result: RunResult; interrupted: ExitCode | null }> {
  remarkOnSimulation({ loaded, targets }, output);
  for (const note of notes) output.say(note);
  const run = { suites, targets, plan, settings, tokenizers, judges, thread, maxDurationMs: null };
  return runToItsEnd(run, output, flags);
}
