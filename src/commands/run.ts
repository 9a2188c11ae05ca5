import type { RunFlags } from '../config/run-flags.ts';
import { SIMULATOR } from '../config/target-schema.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { MeasuringThread } from '../load/measuring-thread.ts';
import type { RequestRecord } from '../metrics/types.ts';
import { neutralise } from '../report/text.ts';
import { type CommonFlags, type RunInputs, readRunInputs } from '../run/inputs.ts';
import { type PreparedRun, prepareRun } from '../run/prepare.ts';
import { type RunOptions, type RunResult, runBenchmark } from '../run/run.ts';
import type { ProfileName } from '../simulator/profiles.ts';
import { renderDryRun } from './dry-run.ts';
import { listenForInterrupts } from './interrupts.ts';
import { type Output, processOutput } from './output.ts';
import { drawProgress } from './progress.ts';
import { exitCodeOf, report } from './run-report.ts';

export interface RunCommandFlags extends CommonFlags, RunFlags {
  json?: boolean;
  dryRun?: boolean;
  quiet?: boolean;
  verbose?: boolean;
  profile?: ProfileName;
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
    const { plan, targets } = prepared;
    if (thread === undefined) {
      output.write(renderDryRun(plan, inputs.settings, flags.json === true));
      return EXIT.done;
    }
    remarkOnSimulation(inputs, output);
    for (const note of prepared.notes) output.say(note);
    const { suites, settings, thresholds, tokenizers } = inputs;
    const { result, interrupted } = await runToItsEnd(
      { plan, suites, targets, settings, tokenizers, thread },
      output,
      flags,
    );
    report(result, thresholds, output, flags.json === true);
    return interrupted ?? exitCodeOf(result, thresholds);
  } finally {
    await thread?.end();
    await prepared?.close();
  }
}

/** Says how real figures are to be had, where a simulator stands in for an endpoint. */
function remarkOnSimulation({ loaded, targets }: RunInputs, output: Output): void {
  const standIns = targets.filter(({ name, simulated }) => simulated && name !== SIMULATOR);
  if (loaded.file === null && standIns.length > 0) {
    output.say(
      'No bench.config.yaml here: the embedded simulator answers.\n' +
        '`tokentape init` writes a config for an endpoint of your own.',
    );
  } else if (standIns.length > 0) {
    const names = standIns.map(({ name }) => name).join(', ');
    output.say(
      `The embedded simulator answers for ${names}, whose variables are not set:\n` +
        `${loaded.file} names them, .env can hold them.`,
    );
  }
}

/** With progress shown and signals heeded; `interrupted` is the exit code that a signal asks for. */
async function runToItsEnd(
  options: RunOptions,
  output: Output,
  { quiet = false, verbose = false }: RunCommandFlags,
): Promise<{ result: RunResult; interrupted: ExitCode | null }> {
  const progress = drawProgress({ quiet, live: !verbose });
  const interrupts = listenForInterrupts(() => {
    // What is said must not stand between the lines that a redrawing would erase.
    progress.end();
    output.say('Stopping: writing what was measured. Press Ctrl-C again to leave at once.');
  });
  try {
    const result = await runBenchmark({
      ...options,
      onRecord: (record) => {
        if (verbose && record.outcome !== 'ok') output.say(failureLine(record));
      },
      onCalibrate: ({ streams, chunkRate }) =>
        output.say(
          `Measuring the client's own error at ${streams} streams of ${chunkRate} chunks/s: ` +
            'two seconds, once for this host and load.',
        ),
      onStart: (started) => {
        interrupts.attach(started);
        progress.begin(started);
      },
    });
    return { result, interrupted: interrupts.exitCode };
  } finally {
    progress.end();
    interrupts.detach();
  }
}

function failureLine({
  request_id,
  model,
  case_id,
  outcome,
  error_message,
}: RequestRecord): string {
  const message = error_message === null ? '' : `: ${error_message}`;
  return neutralise(`${request_id} ${model} ${case_id}: ${outcome}${message}`);
}
