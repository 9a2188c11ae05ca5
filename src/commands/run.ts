import type { RunFlags } from '../config/run-flags.ts';
import { usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { judgeThresholds, overallVerdict } from '../gate/judge-thresholds.ts';
import { renderJudgements } from '../gate/render.ts';
import type { Threshold } from '../gate/thresholds.ts';
import { MeasuringThread } from '../load/measuring-thread.ts';
import { budgetProblems } from '../plan/budget.ts';
import { buildPlan } from '../plan/plan.ts';
import { runJson } from '../report/json.ts';
import { renderTable } from '../report/table.ts';
import { type RunResult, runBenchmark } from '../run/run.ts';
import { prepareTargets } from '../run/targets.ts';
import type { ProfileName } from '../simulator/profiles.ts';
import { renderDryRun } from './dry-run.ts';
import { type CommonFlags, readRunInputs } from './inputs.ts';
import { listenForInterrupts } from './interrupts.ts';
import { type Output, processOutput } from './output.ts';
import { drawProgress } from './progress.ts';

export interface RunCommandFlags extends CommonFlags, RunFlags {
  json?: boolean;
  dryRun?: boolean;
  quiet?: boolean;
  profile?: ProfileName;
}

/** `tokentape run`: sends the suites to every model, shows progress, prints the table. */
export async function runCommand(flags: RunCommandFlags): Promise<ExitCode> {
  const output = processOutput(flags.quiet);
  const { targets: configured, settings, suites, thresholds, catalogue } = readRunInputs(flags);
  const thread = flags.dryRun === true ? undefined : new MeasuringThread();
  const simulation = { seed: settings.seed, profile: flags.profile ?? 'default', catalogue };
  const prepared = await prepareTargets(configured, suites, settings.requestLimits, simulation);
  try {
    const { targets } = prepared;
    const plan = buildPlan({ suites, targets, settings });
    const lacking = budgetProblems(plan, targets, settings.runLimits);
    if (lacking.length > 0) {
      throw usageError(
        `--max-cost cannot be kept: ${lacking.join('; ')}`,
        'add them to the config',
      );
    }
    if (flags.dryRun === true) {
      output.write(renderDryRun(plan, settings, flags.json === true));
      return EXIT.done;
    }
    const interrupts = listenForInterrupts(output);
    const progress = drawProgress(flags.quiet === true);
    const result = await runBenchmark({
      plan,
      suites,
      targets,
      settings,
      ...(thread === undefined ? {} : { thread }),
      onStart: (started) => {
        interrupts.attach(started);
        progress.begin(started);
      },
    }).finally(() => {
      progress.end();
      interrupts.detach();
    });
    report(result, thresholds, output, flags.json === true);
    return interrupts.exitCode ?? exitCodeOf(result, thresholds);
  } finally {
    await thread?.end();
    await prepared.close();
  }
}

function report(result: RunResult, thresholds: Threshold[], output: Output, json: boolean): void {
  const view = { manifest: result.manifest, rows: result.rows };
  if (json) {
    output.write(runJson(view));
  } else {
    output.write(`${renderTable(view, output)}\n`);
    const judged = judgeThresholds(thresholds, result.rows);
    if (judged.length > 0) output.write(`\n${renderJudgements(judged, output)}\n`);
  }
  output.say(`Results: ${result.folder.path}`);
  if (result.allRefused) {
    output.say(
      `Every model refused the key: ${result.refusal ?? 'no reason given'}\n` +
        'Check the key and the address (base_url) of the target.',
    );
  }
}

function exitCodeOf({ manifest, rows, allRefused }: RunResult, thresholds: Threshold[]): ExitCode {
  const sent = rows.filter(({ requests }) => requests.planned > requests.skipped);
  if (allRefused || (sent.length > 0 && sent.every(({ requests }) => requests.ok === 0))) {
    return EXIT.unavailable;
  }
  if (manifest.validity.verdict === 'invalid') return EXIT.invalid;
  if (thresholds.length === 0) return EXIT.done;
  const verdict = overallVerdict(judgeThresholds(thresholds, rows));
  if (verdict === 'fail') return EXIT.gateFailed;
  return verdict === 'inconclusive' ? EXIT.inconclusive : EXIT.done;
}
