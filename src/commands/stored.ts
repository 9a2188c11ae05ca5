import { loadConfig } from '../config/load.ts';
import { resolveSettings } from '../config/settings.ts';
import type { RunView } from '../report/view.ts';
import { readEvidence } from '../run/stored-evidence.ts';
import { openRun, type StoredRun } from '../store/read.ts';

/** The results folder: flag, variable, config, default. */
export function resultsDir(output: string | undefined): string {
  const cwd = process.cwd();
  const loaded = loadConfig({ cwd, env: process.env });
  const { settings } = resolveSettings(loaded, { output }, { cwd, drawSeed: () => '' });
  return settings.outputDir;
}

/**
 * A run as its records tell it now, also one that was cut off.
 * @throws TokentapeError (exit 2) where there is no such run
 */
export async function viewStoredRun(
  name: string,
  outputDir: string,
): Promise<RunView & { run: StoredRun }> {
  const run = await openRun(name, outputDir);
  const evidence = await readEvidence(run);
  return { run, manifest: run.manifest, rows: evidence.map(({ row }) => row) };
}
