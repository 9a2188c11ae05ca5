import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { LoadedConfig } from '../config/load.ts';
import { flagName } from '../config/run-flags.ts';
import type { RunSettings } from '../config/types.ts';
import { usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { MeasuringThread } from '../load/measuring-thread.ts';
import { rowKey } from '../metrics/row-key.ts';
import type { Plan } from '../plan/plan.ts';
import { counted } from '../report/numbers.ts';
import { neutralise } from '../report/text.ts';
import type { RunInputs } from '../run/inputs.ts';
import { type PreparedRun, preparePlanned } from '../run/prepare.ts';
import { inputsToResume, readConfigNow } from '../run/resume/inputs.ts';
import { type Resumable, readResumable, refuseUnfit } from '../run/resume/resumable.ts';
import type { ProfileName } from '../simulator/profiles.ts';
import { openRun } from '../store/read.ts';
import { claimRun, isBeingWritten } from '../store/writer.ts';
import { renderDryRun } from './dry-run.ts';
import { type Output, processOutput } from './output.ts';
import type { RunCommandFlags } from './run.ts';
import { exitCodeOf, report } from './run-report.ts';
import { runToItsEnd } from './run-to-end.ts';

/** What says where to look and how to tell, and changes nothing about the run. */
const FREE_FLAGS: readonly string[] = [
  'resume',
  'config',
  'output',
  'json',
  'quiet',
  'verbose',
  'dryRun',
];

/**
 * `tokentape run --resume RUN`: goes on with a run that was cut off, under its own plan and settings.
 * @param thread ended here, whatever happens; without one nothing is sent, and nothing written
 */
export async function resumeCommand(
  name: string,
  flags: RunCommandFlags,
  thread: MeasuringThread | undefined,
): Promise<ExitCode> {
  const output = processOutput(flags.quiet);
  try {
    refuseOthers(flags);
    const { loaded, outputDir } = readConfigNow(flags);
    const { path: found, manifest } = await openRun(name, outputDir);
    refuseUnfit(manifest);
    const path = await ownName(found);
    if (thread === undefined) return await showMissing(path, loaded, output, flags);
    const claimed = await claimRun(path);
    try {
      return await goOn(path, loaded, thread, output, flags);
    } finally {
      await claimed.release();
    }
  } finally {
    await thread?.end();
  }
}

/** What `latest` points to may change while the run goes on. */
async function ownName(found: string): Promise<string> {
  const real = await realpath(found);
  const beside = join(dirname(found), basename(real));
  return (await realpath(beside).catch(() => null)) === real ? beside : real;
}

/** A flag that would make another run of it. @throws TokentapeError (exit 2) that names all of them */
function refuseOthers(flags: RunCommandFlags): void {
  const given = Object.entries(flags).filter(
    ([name, value]) => value !== undefined && !FREE_FLAGS.includes(name),
  );
  if (given.length === 0) return;
  const names = given.map(([name, value]) =>
    value === false ? flagName(`no-${name}`) : flagName(name),
  );
  throw usageError(
    `${names.join(', ')} cannot go with --resume: a run goes on under the plan and settings that it began with`,
    'leave them out, or start a new run',
  );
}

async function showMissing(
  folder: string,
  loaded: LoadedConfig,
  output: Output,
  flags: RunCommandFlags,
): Promise<ExitCode> {
  if (await isBeingWritten(folder)) {
    throw usageError(`${folder} is being written to by another process`, 'wait for it, or end it');
  }
  return withPrepared(folder, loaded, ({ plan, settings }) => {
    output.write(renderDryRun(missingOf(plan), settings, flags.json === true));
    return Promise.resolve(EXIT.done);
  });
}

/** Its rows count what is missing of them. */
function missingOf(plan: Plan): Plan {
  const counts = new Map<string, number>();
  for (const request of plan.requests) {
    if (request.phase !== 'measure') continue;
    counts.set(rowKey(request), (counts.get(rowKey(request)) ?? 0) + 1);
  }
  const rows = plan.rows.map((row) => ({ ...row, planned: counts.get(rowKey(row)) ?? 0 }));
  return { ...plan, rows };
}

async function goOn(
  folder: string,
  loaded: LoadedConfig,
  thread: MeasuringThread,
  output: Output,
  flags: RunCommandFlags,
): Promise<ExitCode> {
  return withPrepared(folder, loaded, async (prepared) => {
    const { resumable, inputs, plan, settings, targets, judges, notes } = prepared;
    const { manifest } = resumable.run;
    for (const note of notes) output.say(note);
    const [all, missing] = [resumable.planned.size, plan.requests.length];
    output.say(
      `Going on with ${neutralise(manifest.run_id)}: ${missing} of ${counted(all, 'request')} to be sent.`,
    );
    const { result, interrupted } = await runToItsEnd(
      {
        ...{ plan, settings, targets, judges, resumable, thread },
        suites: inputs.suites,
        tokenizers: inputs.tokenizers,
      },
      output,
      flags,
    );
    report(result, inputs.thresholds, output, { ...flags, run: manifest.run_id });
    return interrupted ?? exitCodeOf(result, inputs.thresholds);
  });
}

interface PreparedToResume extends PreparedRun {
  resumable: Resumable;
  inputs: RunInputs;
  settings: RunSettings;
}

/** Reads the run as it is now, and makes ready what it is to be sent to. */
async function withPrepared(
  folder: string,
  loaded: LoadedConfig,
  then: (prepared: PreparedToResume) => Promise<ExitCode>,
): Promise<ExitCode> {
  const resumable = await readResumable(await openRun(folder, ''), dirname(folder));
  const inputs = inputsToResume(resumable, loaded);
  const profile = resumable.run.manifest.simulator_profile as ProfileName | undefined;
  const prepared = await preparePlanned(inputs, profile, (targets) => ({
    plan: resumable.plan,
    targets,
  }));
  try {
    return await then({ ...prepared, resumable, inputs, settings: resumable.settings });
  } finally {
    await prepared.close();
  }
}
