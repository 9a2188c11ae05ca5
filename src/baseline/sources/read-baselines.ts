import { stat } from 'node:fs/promises';
import { TokentapeError, usageError } from '../../errors.ts';
import { EXIT } from '../../exit-codes.ts';
import type { Sampled } from '../../metrics/row-samples.ts';
import { readEvidence } from '../../run/stored-evidence.ts';
import { openRun } from '../../store/read.ts';
import type { Manifest } from '../../store/types.ts';
import { withComparableGrades } from '../comparable-grades.ts';
import { differenceFrom } from '../difference.ts';
import { historyUnfitness } from '../fitness.ts';
import { baselineOf, isUnfitness } from '../of-run.ts';
import { parseBaseline } from '../parse.ts';
import type { Baseline, HistoryIdentity, PassedOver } from '../types.ts';
import { type FoundFile, findIn } from './files.ts';
import { filesOfRevision, GIT_PREFIX } from './git.ts';

export interface ReadOptions {
  /** What a run has to have in common with the one that is judged; runs of other plans are passed over. */
  identity: HistoryIdentity;
  /** Of the run that is judged, where it is over: neither it nor a later one is of its history. */
  judged?: Pick<Manifest, 'run_id' | 'started_at'> | undefined;
  /** Where runs are looked for by name. */
  outputDir: string;
  /** Of which samples are kept, where a run is read from its records. */
  metrics: readonly Sampled[];
  cwd: string;
}

export interface History {
  /** In the order of time, each run once. */
  baselines: Baseline[];
  passedOver: PassedOver[];
}

/**
 * The history that sources hold: run folders (by path, by name, `latest`), results folders, folders of
 * baseline files, single files, and `git:REF[:PATH]`.
 * @throws TokentapeError (exit 2) for a source that is not there or a file that is broken, and where no
 *   run is left; (exit 3) where all that there are were cut off, or invalid
 */
export async function readBaselines(
  sources: readonly string[],
  options: ReadOptions,
): Promise<History> {
  const all = new Map<string, Baseline>();
  const passedOver: PassedOver[] = [];
  for (const source of sources) {
    const { files, runs } = await foundIn(source, options);
    for (const file of files) addOnce(all, baselineIn(file));
    for (const run of runs) {
      const baseline = await baselineOfFolder(run, options, all);
      if ('reason' in baseline) passedOver.push(baseline);
      else addOnce(all, baseline);
    }
  }
  const baselines: Baseline[] = [];
  for (const baseline of inOrder([...all.values()])) {
    if (baseline.run_id === options.judged?.run_id) continue;
    const reason = reasonAgainst(baseline, options);
    if (reason === null) baselines.push(withComparableGrades(baseline, options.identity));
    else passedOver.push({ name: baseline.run_id, reason });
  }
  if (baselines.length === 0) throw nothingUsable(sources, passedOver);
  return { baselines, passedOver };
}

/** Why a run is no part of this history. */
function reasonAgainst(baseline: Baseline, { identity, judged }: ReadOptions): string | null {
  const difference = differenceFrom(baseline, identity);
  if (difference !== null) return `it is of another plan: ${difference}`;
  if (judged === undefined || Date.parse(baseline.started_at) < Date.parse(judged.started_at)) {
    return null;
  }
  return `it is not earlier: it started at ${baseline.started_at}`;
}

async function foundIn(source: string, { cwd, outputDir }: ReadOptions) {
  if (source.startsWith(GIT_PREFIX)) {
    return { files: await filesOfRevision(source, cwd), runs: [] };
  }
  if ((await stat(source).catch(() => null)) !== null && !/(^|[\\/])latest$/.test(source)) {
    return findIn(source);
  }
  // Not there as a path: a run by its name, or nothing.
  const run = await openRun(source, outputDir).catch(() => null);
  if (run !== null) return { files: [], runs: [run.path] };
  throw usageError(
    `there is no ${source}: no folder, file or run`,
    'begin a history with `tokentape baseline add RUN`, or name runs, their folder, or git:BRANCH',
  );
}

/** @throws TokentapeError (exit 2) for a broken file: a history with a hole in it says something else */
export function baselineIn({ name, text }: FoundFile): Baseline {
  const parsed = parseBaseline(text, name);
  if ('baseline' in parsed) return parsed.baseline;
  throw usageError(
    parsed.problem,
    'write it again with `tokentape baseline add RUN`, or take it out of the folder',
  );
}

async function baselineOfFolder(
  folder: string,
  { metrics, outputDir, judged, identity }: ReadOptions,
  known: ReadonlyMap<string, Baseline>,
): Promise<Baseline | PassedOver> {
  const run = await openRun(folder, outputDir);
  const { manifest } = run;
  const name = manifest.run_id;
  const before = known.get(name);
  if (before !== undefined) return before;
  const reason = historyUnfitness(manifest);
  if (name !== judged?.run_id && reason !== null) return { name, reason };
  // A run of another plan is passed over all the same: its records need not be read for that.
  const isWanted = name !== judged?.run_id && manifest.plan_hash === identity.plan_hash;
  return baselineOf(manifest, isWanted ? await readEvidence(run) : [], metrics);
}

function addOnce(all: Map<string, Baseline>, baseline: Baseline): void {
  if (!all.has(baseline.run_id)) all.set(baseline.run_id, baseline);
}

function inOrder(baselines: Baseline[]): Baseline[] {
  const keyOf = ({ started_at, run_id }: Baseline) => `${started_at} ${run_id}`;
  return baselines.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function nothingUsable(sources: readonly string[], passedOver: readonly PassedOver[]) {
  const where = sources.join(', ');
  const last = passedOver.at(-1);
  if (last === undefined) {
    return usageError(
      `no earlier run is in ${where}`,
      'begin a history: `tokentape run`, then `tokentape baseline add latest`',
    );
  }
  const others = passedOver.length > 1 ? `, the newest of ${passedOver.length}` : '';
  const isBroken = passedOver.every(({ reason }) => isUnfitness(reason));
  return new TokentapeError(
    `no run in ${where} can be a baseline: ${last.name}${others}: ${last.reason}`,
    {
      exitCode: isBroken ? EXIT.invalid : EXIT.usage,
      remedy:
        'send the plan of the history again, or begin a new one: `tokentape baseline add RUN --new-history`',
    },
  );
}
