import { closest, distance } from 'fastest-levenshtein';
import { usageError } from '../../errors.ts';
import type { CheckResult } from '../../gate/types.ts';
import { jsonText } from '../../json.ts';
import { checkAnnotations } from './annotations.ts';
import { checkBencher } from './bencher.ts';
import { checkBenchmarkAction } from './benchmark-action.ts';
import { checkGitlabQuality } from './gitlab-quality.ts';
import { checkJunit } from './junit.ts';
import { checkMarkdown } from './markdown-form.ts';
import { checkOpenmetrics } from './openmetrics.ts';
import { checkText } from './text-form.ts';

/** Every form that a check can be written in, by its name on the command line. */
const WRITERS = {
  text: checkText,
  md: checkMarkdown,
  json: checkJson,
  junit: checkJunit,
  annotations: checkAnnotations,
  'gitlab-quality': checkGitlabQuality,
  openmetrics: checkOpenmetrics,
  'benchmark-smaller': (result: CheckResult) => checkBenchmarkAction(result, 'lower'),
  'benchmark-bigger': (result: CheckResult) => checkBenchmarkAction(result, 'higher'),
  bencher: checkBencher,
} as const satisfies Record<string, (result: CheckResult, configPath: string) => string>;

export type ReportForm = keyof typeof WRITERS;
export const REPORT_FORMS = Object.keys(WRITERS) as ReportForm[];

/** A form and where it goes; `-` is stdout. */
export interface CheckReport {
  form: ReportForm;
  file: string;
}

/** @param configPath relative to the repository: GitLab shows findings at a file */
export function renderForm(form: ReportForm, result: CheckResult, configPath: string): string {
  return WRITERS[form](result, configPath);
}

/** `check.json`: the result as it stands. Ends in a line break. */
export function checkJson(result: CheckResult): string {
  return `${jsonText(result, 2)}\n`;
}

/**
 * Reads one `--report FORM=FILE`.
 * @throws TokentapeError (exit 2)
 */
export function parseReportForm(text: string): CheckReport {
  const [, name = '', file = ''] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/s.exec(text) ?? [];
  if (name === '' || file === '') {
    throw usageError(
      `--report '${text}' is not FORM=FILE`,
      `write it as --report junit=reports/check.xml; forms are ${REPORT_FORMS.join(', ')}`,
    );
  }
  if (!isForm(name)) throw usageError(`unknown form '${name}' in --report '${text}'`, meant(name));
  return { form: name, file };
}

/**
 * All reports of a command line.
 * @param json whether stdout is to be one JSON document already
 * @throws TokentapeError (exit 2) where two would go to one place
 */
export function parseReportForms(texts: readonly string[], json = false): CheckReport[] {
  const reports = texts.map(parseReportForm);
  const onStdout = reports.find(({ file }) => file === '-');
  if (json && onStdout !== undefined) {
    throw usageError(
      `--report: both --json and ${onStdout.form} would go to stdout`,
      'give the report a file of its own',
    );
  }
  reports.forEach(({ form, file }, index) => {
    const other = reports.slice(0, index).find((one) => one.file === file);
    if (other === undefined) return;
    const place = file === '-' ? 'stdout' : file;
    throw usageError(
      `--report: both ${other.form} and ${form} would go to ${place}`,
      'give each a file of its own',
    );
  });
  return reports;
}

function isForm(name: string): name is ReportForm {
  return Object.hasOwn(WRITERS, name);
}

function meant(name: string): string {
  const near = closest(name, REPORT_FORMS);
  return distance(name, near) <= Math.max(2, name.length / 3)
    ? `did you mean ${near}?`
    : `forms are ${REPORT_FORMS.join(', ')}`;
}
