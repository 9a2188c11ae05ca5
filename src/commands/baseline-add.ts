import { assertOfHistory } from '../baseline/add.ts';
import { historyUnfitness } from '../baseline/fitness.ts';
import { BASELINES_DIR, openFolder, readableText, writeBaseline } from '../baseline/folder.ts';
import { baselineOf } from '../baseline/of-run.ts';
import type { Baseline } from '../baseline/types.ts';
import { resolveWishes } from '../check/settings.ts';
import { loadConfig } from '../config/load.ts';
import { problemsError } from '../diagnostics/format.ts';
import { usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { GateSettings } from '../gate/settings.ts';
import type { Sampled } from '../metrics/row-samples.ts';
import { counted } from '../report/numbers.ts';
import { readEvidence } from '../run/stored-evidence.ts';
import { openRun, type StoredRun } from '../store/read.ts';
import { resumedWords } from '../store/resumed.ts';
import { processOutput } from './output.ts';
import { resultsDir } from './stored.ts';

export interface AddFlags {
  dir?: string;
  newHistory?: boolean;
  output?: string;
  quiet?: boolean;
}

/** Samples that are kept besides those of the metrics that the config gates. */
const ALWAYS_KEPT: readonly Sampled[] = ['ttft_ms', 'tpot_ms', 'e2e_ms'];

/** `tokentape baseline add`: all of the runs are written, or none. */
export async function addCommand(names: string[], flags: AddFlags): Promise<ExitCode> {
  const output = processOutput(flags.quiet);
  const dir = flags.dir ?? BASELINES_DIR;
  const settings = gateSettings();
  const runs = await fitRuns(names, resultsDir(flags.output));
  const fresh = await asBaselines(runs, settings);
  for (const run of fresh) readableText(run);
  const known = (await openFolder(dir)).map(({ baseline }) => baseline);
  const all = [...known];
  for (const run of fresh) {
    const others = all.filter(({ run_id }) => run_id !== run.run_id);
    assertOfHistory(run, others, { dir, newHistory: flags.newHistory === true });
    all.push(run);
  }
  for (const run of fresh) {
    const file = await writeBaseline(dir, run);
    const again = known.some(({ run_id }) => run_id === run.run_id);
    output.say(`Written: ${file}${again ? ' (it was there already)' : ''}`);
  }
  for (const { manifest } of runs) {
    const resumed = resumedWords(manifest);
    if (resumed !== null) output.say(`Mind that ${manifest.run_id} was ${resumed}.`);
  }
  const ids = new Set(
    all.filter((each) => ofOnePlan(each, fresh.at(-1))).map((each) => each.run_id),
  );
  const missing = settings.leastRuns - ids.size;
  output.say(
    `${counted(ids.size, 'run')} of this plan in ${dir}: ${missing > 0 ? `${missing} more before a check's verdict counts` : 'a check may be judged by them'}`,
  );
  return EXIT.done;
}

function ofOnePlan(a: Baseline, b: Baseline | undefined): boolean {
  return a.plan_hash === b?.plan_hash && a.metrics_version === b.metrics_version;
}

async function fitRuns(names: readonly string[], outputDir: string): Promise<StoredRun[]> {
  const runs = await Promise.all(names.map((name) => openRun(name, outputDir)));
  const unfit = runs.flatMap(({ manifest }) => {
    const reason = historyUnfitness(manifest);
    return reason === null ? [] : [`${manifest.run_id} cannot be a baseline: ${reason}`];
  });
  if (unfit.length > 0) {
    throw usageError(
      unfit.join('\n'),
      'a baseline needs all of a plain plan, as `run` and `check --baseline` send it, and a client that was fast enough',
    );
  }
  return runs;
}

async function asBaselines(
  runs: readonly StoredRun[],
  { metrics }: GateSettings,
): Promise<Baseline[]> {
  const gated = metrics.flatMap((one) => (one.kind === 'quantile' ? one.metric : []));
  const kept = [...new Set([...ALWAYS_KEPT, ...gated])];
  const baselines: Baseline[] = [];
  for (const run of runs) baselines.push(baselineOf(run.manifest, await readEvidence(run), kept));
  return baselines.sort((a, b) => (a.started_at < b.started_at ? -1 : 1));
}

/** As the config has them. */
export function gateSettings(): GateSettings {
  const loaded = loadConfig({ cwd: process.cwd(), env: process.env });
  const { wishes, problems } = resolveWishes(loaded, {});
  if (problems.length > 0) throw problemsError(problems);
  return wishes.settings;
}
