import { didYouMean } from '../diagnostics/format.ts';
import { usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { SummaryRow } from '../metrics/types.ts';
import { type Comparison, compareModels, compareRuns } from '../report/compare.ts';
import {
  comparisonCsv,
  comparisonJson,
  comparisonMarkdown,
  renderComparison,
} from '../report/compare-text.ts';
import type { RunView } from '../report/view.ts';
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
  const comparison = compare(views, flags.model ?? []);
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

/** @throws TokentapeError (exit 2) for models that no run has, and where nothing is left to compare */
function compare(views: RunView[], models: string[]): Comparison {
  const known = views.flatMap(({ rows }) => rows.flatMap(({ model, label }) => [label, model]));
  for (const name of models) {
    if (!known.includes(name)) {
      const there = [...new Set(views.flatMap(({ rows }) => rows.map(({ label }) => label)))];
      const remedy = didYouMean(name, known, `there are ${there.join(', ')}`);
      throw usageError(
        `no model ${name} in ${views.length > 1 ? 'these runs' : 'this run'}`,
        remedy,
      );
    }
  }
  const [first, ...others] = views;
  const isMeant = ({ model, label }: SummaryRow): boolean =>
    models.length === 0 || models.includes(model) || models.includes(label);
  const comparison =
    first !== undefined && others.length === 0
      ? compareModels(first, models)
      : compareRuns(
          views.map(({ manifest, rows }) => {
            return { name: manifest.run_id, manifest, rows: rows.filter(isMeant) };
          }),
        );
  if (comparison.rows.length > 0) return comparison;
  throw usageError(
    'there is nothing to compare: no two sides have a suite, model and target in common',
    'name two runs of one suite, or one run of several models',
  );
}
