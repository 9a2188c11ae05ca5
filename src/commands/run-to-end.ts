import { SIMULATOR } from '../config/target-schema.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { RequestRecord } from '../metrics/types.ts';
import { neutralise } from '../report/text.ts';
import type { RunInputs } from '../run/inputs.ts';
import { type RunOptions, type RunResult, runBenchmark } from '../run/run.ts';
import type { Secret } from '../secrets.ts';
import { tellOfGrading } from './grading-progress.ts';
import { listenForInterrupts } from './interrupts.ts';
import type { Output } from './output.ts';
import { drawProgress } from './progress.ts';

/** Says how real figures are to be had, where a simulator stands in for an endpoint. */
export function remarkOnSimulation(
  { loaded, targets }: Pick<RunInputs, 'loaded' | 'targets'>,
  output: Output,
): void {
  const standIns = targets.filter(({ name, simulated }) => simulated && name !== SIMULATOR);
  if (loaded.file === null && standIns.length > 0) {
    output.say(
      'No bench.config.yaml here: the embedded simulator answers.\n' +
        '`tokentape init` writes a config for an endpoint of your own.',
    );
  } else if (standIns.length > 0) {
    const names = standIns.map(({ name }) => neutralise(name)).join(', ');
    output.say(
      `The embedded simulator answers for ${names}, whose variables are not set:\n` +
        `${loaded.file} names them, .env can hold them.`,
    );
  }
}

/** With progress shown and signals heeded; `interrupted` is the exit code that a signal asks for. */
export async function runToItsEnd(
  options: RunOptions,
  output: Output,
  { quiet = false, verbose = false }: { quiet?: boolean; verbose?: boolean },
): Promise<{ result: RunResult; interrupted: ExitCode | null }> {
  const progress = drawProgress({ quiet, live: !verbose });
  const interrupts = listenForInterrupts(
    () => {
      // What is said must not stand between the lines that a redrawing would erase.
      progress.end();
      output.say('Stopping: writing what was measured. Press Ctrl-C again to leave at once.');
    },
    () => progress.end(),
  );
  let stopTelling = (): void => {};
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
      onGrading: (work) => {
        progress.end();
        stopTelling = tellOfGrading(work, output);
      },
      onStart: (started) => {
        interrupts.attach(started);
        progress.begin(started);
      },
    });
    progress.end();
    tellOfStarred(result.starred, output);
    return { result, interrupted: interrupts.exitCode };
  } finally {
    stopTelling();
    progress.end();
    interrupts.detach();
  }
}

/** Answers are not as they came where a secret was taken out of them, so the person has to know. */
function tellOfStarred(starred: readonly Secret[], output: Output): void {
  const byName = new Map(starred.map((secret) => [secret.name, secret]));
  for (const { name, isKey, header } of byName.values()) {
    const remedy =
      isKey || header === undefined
        ? ''
        : `\n  if it is no secret, list ${header} under public_headers of its target`;
    output.say(`Replies held ${name}: it was starred out, in answers too.${remedy}`);
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
