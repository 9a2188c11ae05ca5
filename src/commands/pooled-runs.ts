import { storedSettings } from '../config/stored.ts';
import { didYouMean } from '../diagnostics/format.ts';
import { usageError } from '../errors.ts';
import { type Candidate, Pool, type Wanted } from '../frontier/pool.ts';
import { openRun, readGradeBatches, readRecordBatches, type StoredRun } from '../store/read.ts';

export interface PoolFlags {
  suite?: string[];
  model?: string[];
  target?: string[];
}

/**
 * Models with all that they were asked in some runs, taken together.
 * @throws TokentapeError (exit 2) where there is no such run, or nothing in it that is asked for
 */
export async function poolRuns(
  names: readonly string[],
  flags: PoolFlags,
  outputDir: string,
): Promise<{ runs: StoredRun[]; candidates: Candidate[] }> {
  const runs: StoredRun[] = [];
  for (const name of names) {
    const run = await openRun(name, outputDir);
    const isTwice = runs.some(({ manifest }) => manifest.run_id === run.manifest.run_id);
    if (isTwice) throw usageError(`${run.manifest.run_id} is named twice`, 'name each run once');
    runs.push(run);
  }
  const wanted = wantedOf(flags, runs);
  const pool = new Pool(wanted, sharedSlo(runs));
  for (const run of runs) {
    pool.begin(run.manifest);
    for await (const batch of readRecordBatches(run)) for (const one of batch) pool.add(one);
    for await (const batch of readGradeBatches(run)) for (const one of batch) pool.addGrade(one);
  }
  const candidates = pool.candidates();
  if (candidates.length === 0) {
    throw usageError('nothing was sent that is asked for', 'name a run that has records');
  }
  return { runs, candidates };
}

/** Objectives that all runs share; other ones would make two things of one share. */
function sharedSlo(runs: readonly StoredRun[]) {
  const [first, ...others] = runs.map(({ manifest }) => storedSettings(manifest.config).slo);
  const isShared = others.every((slo) => JSON.stringify(slo) === JSON.stringify(first));
  return isShared && first !== undefined ? first : {};
}

/** @throws TokentapeError (exit 2) for a name that is in none of the runs */
export function wantedOf(flags: PoolFlags, runs: readonly StoredRun[]): Wanted {
  const wanted: Wanted = {
    suites: flags.suite ?? [],
    models: flags.model ?? [],
    targets: flags.target ?? [],
  };
  const rows = runs.flatMap(({ manifest }) => manifest.planned);
  const known = {
    suites: [...new Set(rows.map(({ suite }) => suite))],
    models: [...new Set(rows.flatMap(({ model, label }) => [label, model]))],
    targets: [...new Set(rows.map(({ target }) => target))],
  };
  for (const field of ['suites', 'models', 'targets'] as const) {
    const unknown = wanted[field].find((name) => !known[field].includes(name));
    if (unknown === undefined) continue;
    throw usageError(
      `no ${field.slice(0, -1)} is called ${unknown} in ${runs.length === 1 ? 'this run' : 'these runs'}`,
      didYouMean(unknown, known[field], `there are ${known[field].join(', ')}`),
    );
  }
  return wanted;
}
