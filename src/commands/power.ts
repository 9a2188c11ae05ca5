import { identityOf } from '../baseline/of-run.ts';
import { historyFor } from '../check/history.ts';
import { passedOverRemark } from '../check/result.ts';
import { loadConfig } from '../config/load.ts';
import { didYouMean, problemsError } from '../diagnostics/format.ts';
import { usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { isInScope, isMeant } from '../gate/judge-thresholds.ts';
import { type Pilot, powerOf } from '../gate/power/power.ts';
import type { PowerResult } from '../gate/power/types.ts';
import type { Threshold } from '../gate/thresholds.ts';
import { jsonText } from '../json.ts';
import type { MeasuringThread } from '../load/measuring-thread.ts';
import { doubts } from '../report/notes.ts';
import { renderPower } from '../report/power/text.ts';
import { inOrder, type RunInputs, readRunInputs } from '../run/inputs.ts';
import { type PilotScope, readPilot } from '../run/pilot.ts';
import { openRun, type StoredRun } from '../store/read.ts';
import type { Manifest } from '../store/types.ts';
import { renderDryRun } from './dry-run.ts';
import { type Output, processOutput } from './output.ts';
import { type PowerAsked, type PowerFlags, readPowerFlags } from './power-flags.ts';
import { type PreparedPilot, preparePilot, sendPilot } from './power-pilot.ts';
import { unavailability } from './run-report.ts';
import { resultsDir } from './stored.ts';

/**
 * `tokentape power`: what a check would see, and what it would cost, from the noise of a run, or of a
 * pilot that is sent now.
 * @param thread ended here, whatever happens; without one nothing is sent
 */
export async function powerCommand(
  name: string | undefined,
  flags: PowerFlags,
  thread: MeasuringThread | undefined,
): Promise<ExitCode> {
  const output = processOutput(flags.quiet);
  try {
    return flags.pilot === undefined
      ? await powerOfStored(name ?? 'latest', flags, output)
      : await powerOfPilot(name, flags, thread, output);
  } finally {
    await thread?.end();
  }
}

async function powerOfStored(name: string, flags: PowerFlags, output: Output): Promise<ExitCode> {
  const loaded = loadConfig({ path: flags.config, cwd: process.cwd(), env: process.env });
  const { asked, problems } = readPowerFlags(loaded, flags);
  const all = inOrder([...loaded.problems, ...problems]);
  if (all.length > 0) throw problemsError(all);
  const run = await openRun(name, resultsDir(flags.output));
  checkScope(run.manifest, flags);
  const scope = { models: flags.model, suites: flags.suite, targets: flags.target };
  await answer(run, scope, asked, flags, output);
  return EXIT.done;
}

async function powerOfPilot(
  name: string | undefined,
  flags: PowerFlags,
  thread: MeasuringThread | undefined,
  output: Output,
): Promise<ExitCode> {
  if (name !== undefined) {
    throw usageError(
      `--pilot sends pairs of its own, so ${name} has no use`,
      'leave out one of them',
    );
  }
  if (flags.baseline !== undefined) {
    throw usageError(
      '--pilot sends pairs, and no history is of such a plan: --baseline has no use',
      'name a run of the plan of the history, as `tokentape power latest --baseline …`',
    );
  }
  const { inputs, asked } = readPilotInputs(flags);
  let prepared: PreparedPilot | undefined;
  try {
    prepared = await preparePilot(inputs, asked.pilotPairs ?? 0, flags);
    refuseIdle(
      asked.thresholds,
      (one) => prepared?.plan.rows.some((row) => isInScope(row, one)) === true,
      'of what would be sent',
    );
    if (thread === undefined) {
      output.write(renderDryRun(prepared.plan, inputs.settings, flags.json === true));
      return EXIT.done;
    }
    const { result, interrupted } = await sendPilot(inputs, prepared, thread, output, flags);
    output.say(`Results: ${result.folder.path}`);
    const reason = unavailability(result);
    if (reason !== null) output.complain(`tokentape: ${reason}`);
    if (reason !== null || interrupted !== null) return interrupted ?? EXIT.unavailable;
    await answer({ path: result.folder.path, manifest: result.manifest }, {}, asked, flags, output);
    return EXIT.done;
  } finally {
    await prepared?.close();
  }
}

/** All mistakes of flags, variables and config at once. */
function readPilotInputs(flags: PowerFlags): { inputs: RunInputs; asked: PowerAsked } {
  let asked: PowerAsked | undefined;
  const inputs = readRunInputs(flags, ({ loaded }) => {
    const read = readPowerFlags(loaded, flags);
    asked = read.asked;
    return read.problems;
  });
  if (asked === undefined) throw new Error('what is asked was never read');
  return { inputs, asked };
}

async function answer(
  run: StoredRun,
  scope: PilotScope,
  { question, thresholds, configured, baseline }: PowerAsked,
  flags: PowerFlags,
  output: Output,
): Promise<void> {
  const { manifest } = run;
  const pilot = await readPilot(run, scope);
  checkRequests(pilot, manifest, thresholds);
  const { settings, certainty, seed } = question;
  const history =
    baseline.length === 0
      ? { baselines: [], passedOver: [] }
      : await historyFor(identityOf(manifest), resultsDir(flags.output), { baseline, settings });
  const result: PowerResult = {
    schema_version: 1,
    run_id: manifest.run_id,
    simulated: manifest.simulated,
    certainty,
    alpha: settings.alpha,
    looks: settings.looks,
    tail_looks: settings.tailLooks,
    seed,
    ...powerOf(pilot, thresholds, history.baselines, question, configured),
    remarks: [...doubts(manifest), ...history.passedOver.map(passedOverRemark)],
  };
  const { columns, colour } = output;
  output.write(
    flags.json === true
      ? `${jsonText(result, 2)}\n`
      : `${renderPower(result, { columns, colour })}\n`,
  );
}

/** @throws TokentapeError (exit 2) for models, suites and targets that the run lacks */
function checkScope({ run_id, planned }: Manifest, { model, suite, target }: PowerFlags): void {
  const lists: [string, readonly string[] | undefined, string[]][] = [
    ['model', model, planned.flatMap((row) => [row.label, row.model])],
    ['suite', suite, planned.map((row) => row.suite)],
    ['target', target, planned.map((row) => row.target)],
  ];
  for (const [what, wanted = [], known] of lists) {
    const missing = wanted.find((one) => !known.includes(one));
    if (missing === undefined) continue;
    const there = `there are ${[...new Set(known)].join(', ')}`;
    throw usageError(`no ${what} ${missing} in ${run_id}`, didYouMean(missing, known, there));
  }
}

/** @throws TokentapeError (exit 2) for a run without requests, and limits that mean none of its rows */
function checkRequests(
  { sources, evidence }: Pilot,
  { run_id }: Manifest,
  thresholds: readonly Threshold[],
): void {
  if (sources.length === 0) {
    throw usageError(
      `${run_id} has no measured request to know a noise by`,
      'name a run that has, or send a pilot: --pilot 30',
    );
  }
  const isMeantByAny = (one: Threshold) => evidence.some(({ row }) => isMeant(row, one));
  refuseIdle(thresholds, isMeantByAny, `of ${run_id}`);
}

function refuseIdle(
  thresholds: readonly Threshold[],
  meansRow: (threshold: Threshold) => boolean,
  ofWhat: string,
): void {
  const idle = thresholds.find((one) => !meansRow(one));
  if (idle === undefined) return;
  throw usageError(
    `--threshold: '${idle.text}' means no row ${ofWhat}`,
    'name a model, suite or target that is there',
  );
}
