import { type CompareChoice, compareRuns } from '../compare/compare.ts';
import { readMetric } from '../compare/metrics.ts';
import { readOnly, selectRows } from '../compare/only.ts';
import { type Pivot, pivot, readFields } from '../compare/pivot.ts';
import { readSort, type SortKey } from '../compare/sort.ts';
import type { Comparison, ComparisonRow, Field, SideKind } from '../compare/types.ts';
import { usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { comparisonCsv, comparisonJson, wideComparisonCsv } from '../report/compare/csv.ts';
import { comparisonMarkdown } from '../report/compare/markdown.ts';
import { renderComparison } from '../report/compare/text.ts';
import { writeWhole } from '../store/atomic-write.ts';
import { openComparedRun } from './compared-runs.ts';
import { processOutput } from './output.ts';
import { resultsDir } from './stored.ts';

export interface CompareFlags {
  model?: string[];
  suite?: string[];
  target?: string[];
  only?: string[];
  metric?: string[];
  between?: SideKind;
  base?: string;
  sort?: string;
  by?: string;
  output?: string;
  csv?: string;
  format?: 'long' | 'wide';
  markdown?: boolean;
  json?: boolean;
}

/** So many sides beside A are told side by side; more models or targets of a run as a league table. */
const MOST_BESIDE = 3;

/** `tokentape compare`: runs, models or targets side by side. */
export async function compareCommand(names: string[], flags: CompareFlags): Promise<ExitCode> {
  const output = processOutput();
  const sort = flags.sort === undefined ? undefined : readSort(flags.sort);
  const choice = readChoice(flags, sort);
  const fields = flags.by === undefined ? undefined : readFields(flags.by);
  const only = readOnly(flags.only ?? [], {
    model: flags.model ?? [],
    suite: flags.suite ?? [],
    target: flags.target ?? [],
  });
  const outputDir = resultsDir(flags.output);
  const runs = await Promise.all(names.map((name) => openComparedRun(name, outputDir)));
  const comparison = compareRuns(selectRows(runs, only), choice);
  if (comparison.rows.length === 0) {
    throw usageError(
      'there is nothing to compare: no two sides have a suite, model and target in common',
      'name two runs of one suite, or one run of several models',
    );
  }

  const by = fields ?? leagueOf(comparison);
  const pivoted = by && pivot(comparison, by, sort);
  if (flags.csv === '-') output.data(csvOf(comparison, flags, pivoted, sort));
  else if (flags.json === true) output.data(comparisonJson(comparison));
  else if (flags.markdown === true) output.write(comparisonMarkdown(comparison, pivoted));
  else output.write(`${renderComparison(comparison, output, pivoted)}\n`);
  if (flags.csv !== undefined && flags.csv !== '-') {
    await writeWhole(flags.csv, csvOf(comparison, flags, pivoted, sort));
    output.say(`Written: ${flags.csv}`);
  }
  return EXIT.done;
}

function readChoice(flags: CompareFlags, sort: SortKey | undefined): CompareChoice {
  const metrics = flags.metric?.map((name) => readMetric(name, '--metric'));
  return { between: flags.between, base: flags.base, models: flags.model, metrics, sort };
}

function leagueOf({ sides, runs, rows }: Comparison): Field[] | undefined {
  if (sides === 'run' || runs.length <= 1 + MOST_BESIDE) return undefined;
  const suites = new Set(rows.map(({ suite }) => suite));
  return suites.size > 1 ? ['suite', sides] : [sides];
}

function csvOf(
  comparison: Comparison,
  { format, by }: CompareFlags,
  pivoted: Pivot | undefined,
  sort: SortKey | undefined,
): string {
  if (format !== 'wide') return comparisonCsv(comparison);
  const lines = by === undefined ? undefined : pivoted;
  return wideComparisonCsv(comparison, lines ?? pivot(comparison, rowFields(comparison), sort));
}

/** What the rows themselves are named after. */
function rowFields({ rows }: Comparison): Field[] {
  const named = (field: 'run' | 'target' | 'model') =>
    rows.some((row: ComparisonRow) => row[field] !== null);
  return (['run', 'target', 'model', 'suite'] as const).filter(
    (field) => field === 'suite' || named(field),
  );
}
