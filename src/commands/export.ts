import { usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { summaryCsv } from '../report/csv.ts';
import { GradedJunit } from '../report/graded-junit.ts';
import { runJson } from '../report/json.ts';
import { runMarkdown } from '../report/markdown.ts';
import { renderTable } from '../report/table.ts';
import type { RunView, TextOptions } from '../report/view.ts';
import { requestsCsvOf } from '../run/requests-csv.ts';
import { writeWhole } from '../store/atomic-write.ts';
import { readGrades, readRecords, type StoredRun } from '../store/read.ts';
import { processOutput } from './output.ts';
import { resultsDir, viewStoredRun } from './stored.ts';

type Form = 'table' | 'csv' | 'requests-csv' | 'json' | 'md' | 'junit';

const READ_BY_PERSONS: readonly Form[] = ['table', 'md'];

export interface ExportFlags {
  to: Form;
  output?: string;
  results?: string;
}

/** `tokentape export`: any written run again in another form. */
export async function exportCommand(name: string, flags: ExportFlags): Promise<ExitCode> {
  const output = processOutput();
  const { run, ...view } = await viewStoredRun(name, resultsDir(flags.results));
  const options = flags.output === undefined ? output : { ...output, colour: false };
  const text = render(flags.to, view, run, options);
  if (flags.output !== undefined) {
    await writeWhole(flags.output, text);
    output.say(`Written: ${flags.output}`);
    return EXIT.done;
  }
  const write = READ_BY_PERSONS.includes(flags.to) ? output.write : output.data;
  for await (const part of typeof text === 'string' ? [text] : text) {
    if (output.abandoned) break;
    write(part);
  }
  return EXIT.done;
}

function render(
  form: Form,
  view: RunView,
  run: StoredRun,
  options: TextOptions,
): string | AsyncIterable<string> {
  switch (form) {
    case 'table':
      return `${renderTable(view, options)}\n`;
    case 'csv':
      return summaryCsv(view.rows, view.manifest);
    case 'requests-csv':
      return requestsCsvOf(run);
    case 'json':
      return runJson(view);
    case 'md':
      return runMarkdown(view);
    case 'junit':
      return gradedJunit(view, run);
  }
}

async function* gradedJunit({ rows }: RunView, run: StoredRun): AsyncGenerator<string> {
  if (rows.every(({ grades }) => grades === undefined)) {
    throw usageError(
      `no answer of ${run.manifest.run_id} has a grade, so there are no test cases`,
      'grade it: tokentape recompute RUN --grade; or send suites that say what they expect',
    );
  }
  const junit = new GradedJunit(rows, run.manifest);
  for await (const grade of readGrades(run)) junit.addGrade(grade);
  for await (const record of readRecords(run)) junit.addRecord(record);
  yield junit.text();
}
