import type { RunFlags } from '../config/run-flags.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { MeasuringThread } from '../load/measuring-thread.ts';
import { type CommonFlags, readRunInputs } from '../run/inputs.ts';
import { type PreparedRun, prepareRun } from '../run/prepare.ts';
import type { ProfileName } from '../simulator/profiles.ts';
import { renderDryRun } from './dry-run.ts';
import { processOutput } from './output.ts';
import { exitCodeOf, report } from './run-report.ts';
import { remarkOnSimulation, runToItsEnd } from './run-to-end.ts';

export interface RunCommandFlags extends CommonFlags, RunFlags {
  json?: boolean;
  dryRun?: boolean;
  quiet?: boolean;
  verbose?: boolean;
  profile?: ProfileName;
  resume?: string;
}

/**
 * `tokentape run`: sends the suites to every model, shows progress, prints the table.
 * @param thread ended here, whatever happens; without one nothing is sent
 */
export async function runCommand(
  flags: RunCommandFlags,
  thread: MeasuringThread | undefined,
): Promise<ExitCode> {
  const output = processOutput(flags.quiet);
  let prepared: PreparedRun | undefined;
  try {
    const inputs = readRunInputs(flags);
    prepared = await prepareRun(inputs, flags.profile);
    const { plan, targets, judges } = prepared;
    if (thread === undefined) {
      output.write(renderDryRun(plan, inputs.settings, flags.json === true));
      return EXIT.done;
    }
    remarkOnSimulation(inputs, output);
    for (const note of prepared.notes) output.say(note);
    const { suites, settings, thresholds, tokenizers } = inputs;
    const { result, interrupted } = await runToItsEnd(
      {
        plan,
        suites,
        targets,
        settings,
        tokenizers,
        judges,
        thread,
        profile: flags.profile ?? 'default',
      },
      output,
      flags,
    );
    report(result, thresholds, output, flags);
    return interrupted ?? exitCodeOf(result, thresholds);
  } finally {
    await thread?.end();
    await prepared?.close();
  }
}
