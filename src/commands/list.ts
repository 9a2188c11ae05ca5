import { EXIT, type ExitCode } from '../exit-codes.ts';
import { jsonText } from '../json.ts';
import { drawGrid, type Grid } from '../report/grid.ts';
import { neutralise, wrap } from '../report/text.ts';
import { mayBeResumed } from '../run/resume/resumable.ts';
import { listRuns, type StoredRun } from '../store/read.ts';
import { isBeingWritten } from '../store/writer.ts';
import { suiteSearchDirs } from '../suite/load.ts';
import { listSuites, readSuiteFile, suitePath } from '../suite/read.ts';
import { processOutput } from './output.ts';
import { howToGoOn } from './run-report.ts';
import { resultsDir } from './stored.ts';

export interface ListFlags {
  output?: string;
  json?: boolean;
}

interface SuiteEntry {
  name: string;
  description: string;
}

/** `tokentape list`: the runs of the results folder, newest first, and the suites. */
export async function listCommand(flags: ListFlags): Promise<ExitCode> {
  const output = processOutput();
  const outputDir = resultsDir(flags.output);
  const runs = await Promise.all(
    (await listRuns(outputDir)).map(async (run) => runEntry(run, await isRunning(run))),
  );
  const suites = knownSuites();
  if (flags.json === true) {
    output.data(`${jsonText({ schema_version: 1, runs, suites }, 2)}\n`);
    return EXIT.done;
  }
  const width = Math.max(...suites.map(({ name }) => name.length));
  output.write('Suites\n');
  for (const { name, description } of suites) {
    const text = `${neutralise(name).padEnd(width)}  ${neutralise(description)}`;
    output.write(`${wrap(text, output.columns, '  ', ' '.repeat(width + 4))}\n`);
  }
  output.write(
    `\nRuns in ${neutralise(outputDir)}${runs.length === 0 ? ': none yet' : ', newest first'}\n`,
  );
  if (runs.length > 0) output.write(`${runsTable(runs)}\n`);
  const open = runs.find(({ resumable }) => resumable);
  if (open !== undefined) output.write(`\n${howToGoOn(open, flags.output)}\n`);
  return EXIT.done;
}

function knownSuites(): SuiteEntry[] {
  const entries = new Map<string, SuiteEntry>();
  for (const dir of suiteSearchDirs(process.cwd())) {
    for (const name of listSuites(dir)) {
      if (entries.has(name)) continue;
      const { file } = readSuiteFile(suitePath(dir, name));
      entries.set(name, { name, description: file?.description ?? '(has mistakes: see validate)' });
    }
  }
  return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A run that has not come to its end, with a process that still writes to it. */
function isRunning({ path, manifest }: StoredRun): Promise<boolean> {
  return manifest.state === 'partial' ? isBeingWritten(path) : Promise.resolve(false);
}

type RunEntry = ReturnType<typeof runEntry>;

function runEntry({ path, manifest }: StoredRun, running: boolean) {
  const { run_id, started_at, state, interrupted, simulated, validity, seed, plan_hash } = manifest;
  return {
    run_id,
    path,
    started_at,
    state,
    running,
    /** By `run --resume`, as far as its manifest tells. */
    resumable: !running && mayBeResumed(manifest),
    resumed: manifest.resumed?.length ?? 0,
    interrupted,
    simulated,
    validity: validity.verdict,
    seed,
    plan_hash,
    models: new Set(manifest.planned.map(({ target, model }) => `${target}\n${model}`)).size,
    requests: manifest.planned.reduce((sum, { planned }) => sum + planned, 0),
  };
}

function runsTable(runs: readonly RunEntry[]): string {
  const grid: Grid = {
    head: ['run', 'models', 'requests', 'state', ''],
    rows: runs.map((run) => {
      const { run_id, models, requests, state, running, interrupted, simulated, resumed } = run;
      const stopped = interrupted === null ? state : `${state} (${interrupted})`;
      return [
        neutralise(run_id),
        String(models),
        String(requests),
        running ? 'running' : neutralise(stopped),
        [...(simulated ? ['simulated'] : []), ...(resumed > 0 ? ['resumed'] : [])].join(', '),
      ];
    }),
    align: ['left', 'right', 'right', 'left', 'left'],
  };
  return drawGrid(grid, false);
}
