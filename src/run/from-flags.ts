import type { RunFlags } from '../config/run-flags.ts';
import type { ProfileName } from '../simulator/profiles.ts';
import { type CommonFlags, readRunInputs } from './inputs.ts';
import { prepareRun } from './prepare.ts';
import { type RunOptions, type RunResult, runBenchmark } from './run.ts';

export interface RunFromFlags extends CommonFlags, RunFlags {
  /** Speed of the embedded simulator, where it answers. */
  profile?: ProfileName;
  onCalibrate?: RunOptions['onCalibrate'];
  onStart?: RunOptions['onStart'];
  onRecord?: RunOptions['onRecord'];
}

/**
 * The whole of `tokentape run`, without a terminal: reads the config of the current folder, sends,
 * measures and writes the run's folder. Flags are texts, as on the command line.
 * @throws TokentapeError that lists every mistake of config and suites, or says what cannot be written
 * @example
 * const { rows, folder } = await run({ suite: ['reasoning'], model: ['DeepSeek-R1'], requests: '20' });
 */
export async function run(flags: RunFromFlags = {}): Promise<RunResult> {
  const inputs = readRunInputs(flags);
  const prepared = await prepareRun(inputs, flags.profile);
  const { suites, settings, tokenizers } = inputs;
  const { plan, targets, judges } = prepared;
  const { onCalibrate, onStart, onRecord } = flags;
  try {
    return await runBenchmark({
      plan,
      suites,
      targets,
      settings,
      tokenizers,
      judges,
      profile: flags.profile ?? 'default',
      ...(onCalibrate === undefined ? {} : { onCalibrate }),
      ...(onStart === undefined ? {} : { onStart }),
      ...(onRecord === undefined ? {} : { onRecord }),
    });
  } finally {
    await prepared.close();
  }
}
