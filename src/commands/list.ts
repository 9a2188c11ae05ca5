import { EXIT, type ExitCode } from '../exit-codes.ts';
import { jsonText } from '../json.ts';
import { drawGrid, type Grid } from '../report/grid.ts';
import { neutralise, wrap } from '../report/text.ts';
import { listRuns, type StoredRun } from '../store/read.ts';
import { suiteSearchDirs } from '../suite/load.ts';
import { listSuites, readSuiteFile, suitePath } from '../suite/read.ts';
import { processOutput } from './output.ts';
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
  const runs = await listRuns(outputDir);
  const suites = knownSuites();
  if (flags.json === true) {
    const entries = runs.map(runEntry);
    output.data(`${jsonText({ schema_version: 1, runs: entries, suites }, 2)}\n`);
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

function runEntry({ path, manifest }: StoredRun) {
  const { run_id, started_at, state, interrupted, simulated, validity, seed, plan_hash } = manifest;
  return {
    run_id,
    path,
    started_at,
    state,
    interrupted,
    simulated,
    validity: validity.verdict,
    seed,
    plan_hash,
    models: new Set(manifest.planned.map(({ target, model }) => `${target}\n${model}`)).size,
    requests: manifest.planned.reduce((sum, { planned }) => sum + planned, 0),
  };
}

function runsTable(runs: readonly StoredRun[]): string {
  const grid: Grid = {
    head: ['run', 'models', 'requests', 'state', ''],
    rows: runs.map((run) => {
      const { run_id, models, requests, state, interrupted, simulated } = runEntry(run);
      return [
        neutralise(run_id),
        String(models),
        String(requests),
        neutralise(interrupted === null ? state : `${state} (${interrupted})`),
        simulated ? 'simulated' : '',
      ];
    }),
    align: ['left', 'right', 'right', 'left', 'left'],
  };
  return drawGrid(grid, false);
}
