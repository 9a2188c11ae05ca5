import { usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { compareModels, compareRuns } from '../report/compare.ts';
import {
  comparisonCsv,
  comparisonJson,
  comparisonMarkdown,
  renderComparison,
} from '../report/compare-text.ts';
import { writeWhole } from '../store/atomic-write.ts';
import { processOutput } from './output.ts';
import { resultsDir, viewStoredRun } from './stored.ts';

export interface CompareFlags {
  model?: string[];
  output?: string;
  csv?: string;
  markdown?: boolean;
  json?: boolean;
}

/** `tokentape compare`: two or more runs, or the models of one, side by side. */
export async function compareCommand(names: string[], flags: CompareFlags): Promise<ExitCode> {
  const output = processOutput();
  const outputDir = resultsDir(flags.output);
  const views = await Promise.all(names.map((name) => viewStoredRun(name, outputDir)));
  const [first, ...others] = views;
  if (first === undefined) throw usageError('compare needs a run', 'tokentape list shows them');
  const wanted = new Set(flags.model);
  const kept = views.map(({ manifest, rows }) => ({
    name: manifest.run_id,
    manifest,
    rows: rows.filter(
      ({ model, label }) => wanted.size === 0 || wanted.has(model) || wanted.has(label),
    ),
  }));
  const comparison = others.length === 0 ? compareModels(first, flags.model) : compareRuns(kept);
  if (flags.csv === '-') output.write(comparisonCsv(comparison));
  else if (flags.json === true) output.write(comparisonJson(comparison));
  else if (flags.markdown === true) output.write(comparisonMarkdown(comparison));
  else output.write(`${renderComparison(comparison, output)}\n`);
  if (flags.csv !== undefined && flags.csv !== '-') {
    await writeWhole(flags.csv, comparisonCsv(comparison));
    output.say(`Written: ${flags.csv}`);
  }
  return EXIT.done;
}
