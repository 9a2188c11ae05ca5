import type { CheckResult, Finding } from '../../gate/types.ts';
import { SIMULATED_NOTICE } from '../notes.ts';
import { NEXT_AFTER_INVALID, WORDS } from './headline.ts';
import { judgementOf, modelOf, simulatedSuffix } from './identity.ts';
import { groupBy } from './order.ts';
import { sentenceOf } from './words.ts';
import { attributes, element, textOf } from './xml.ts';

type Outcome = 'failure' | 'error' | 'skipped' | null;

/**
 * A check as JUnit XML: a test suite per suite, a test case per model and metric. What fails is a
 * failure; what is undecided, or said for information, is skipped: neither passed nor failed, while
 * the exit code of the command says what becomes of the job. A run that cannot be trusted is an error
 * of every case.
 */
export function checkJunit(result: CheckResult): string {
  const cases = result.findings.map((one) => ({ one, outcome: outcomeOf(one, result) }));
  const suites = groupBy(cases, ({ one }) => one.suite).map((group) =>
    suiteOf(`${group[0]?.one.suite}${simulatedSuffix(result)}`, group, result),
  );
  const isBare = result.verdict === 'invalid' && cases.length === 0;
  if (isBare) suites.push(bareError(result));
  const counts = countsOf([
    ...cases.map(({ outcome }) => outcome),
    ...(isBare ? (['error'] as const) : []),
  ]);
  const head = attributes({ name: 'tokentape', ...counts, time: secondsOf(result) });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${head}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function outcomeOf({ verdict, advisory }: Finding, result: CheckResult): Outcome {
  if (result.verdict === 'invalid') return 'error';
  if (verdict === 'pass') return null;
  return advisory || verdict === 'inconclusive' ? 'skipped' : 'failure';
}

function suiteOf(
  name: string,
  cases: { one: Finding; outcome: Outcome }[],
  result: CheckResult,
): string {
  const counts = countsOf(cases.map(({ outcome }) => outcome));
  return [
    `  <testsuite${attributes({ name, ...counts })}>`,
    properties('    ', {
      run_id: result.run_id,
      verdict: result.verdict,
      simulated: result.simulated,
      alpha: result.alpha,
    }),
    ...cases.map(({ one, outcome }) => caseOf(one, outcome, result)),
    ...(result.simulated ? [`    ${element('system-out', {}, SIMULATED_NOTICE)}`] : []),
    '  </testsuite>',
  ].join('\n');
}

/** GitLab tells cases apart by class and name, so the suite is part of the class. */
function caseOf(one: Finding, outcome: Outcome, result: CheckResult): string {
  const classname = `${one.suite}.${modelOf(one)}${simulatedSuffix(result)}`;
  return [
    `    <testcase${attributes({ classname, name: judgementOf(one) })}>`,
    properties('      ', figuresOf(one)),
    ...(outcome === null ? [] : [`      ${told(one, outcome, result)}`]),
    ...(outcome === null ? [`      ${element('system-out', {}, sentenceOf(one))}`] : []),
    '    </testcase>',
  ].join('\n');
}

function told(one: Finding, outcome: Exclude<Outcome, null>, result: CheckResult): string {
  if (outcome === 'error') return invalidError(result);
  const verdict = one.advisory ? WORDS.advisory : one.verdict;
  const message = `${verdict}: ${sentenceOf(one)}`;
  const body = [message, `why: ${one.why}`, ...(one.next === null ? [] : [`next: ${one.next}`])];
  const type = outcome === 'failure' ? { type: 'regression' } : {};
  return element(outcome, { message, ...type }, body.join('\n'));
}

function bareError(result: CheckResult): string {
  const name = `validity${simulatedSuffix(result)}`;
  return [
    `  <testsuite${attributes({ name, ...countsOf(['error']) })}>`,
    `    <testcase${attributes({ classname: name, name: 'the run can be trusted' })}>`,
    `      ${invalidError(result)}`,
    '    </testcase>',
    '  </testsuite>',
  ].join('\n');
}

function invalidError({ invalid_reasons }: CheckResult): string {
  const message = `the run cannot be trusted: ${invalid_reasons.join('; ')}`;
  return element('error', { message, type: 'invalid' }, `${message}\nnext: ${NEXT_AFTER_INVALID}`);
}

function countsOf(outcomes: Outcome[]): Record<string, number> {
  const count = (wanted: Outcome) => outcomes.filter((one) => one === wanted).length;
  return {
    tests: outcomes.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  };
}

function secondsOf({ duration_ms }: CheckResult): string | null {
  return duration_ms === null ? null : (duration_ms / 1000).toFixed(3);
}

function figuresOf(one: Finding): Record<string, string | number | boolean | null> {
  return {
    form: one.form,
    verdict: one.verdict,
    advisory: one.advisory,
    against: one.against,
    value: one.value.value,
    value_low: one.value.low,
    value_high: one.value.high,
    baseline: one.baseline?.value ?? null,
    limit: one.limit,
    change: one.change?.estimate ?? null,
    change_low: one.change?.low ?? null,
    change_high: one.change?.high ?? null,
    change_scale: one.change?.scale ?? null,
    confidence: one.change?.confidence ?? null,
    samples: one.samples.count,
    samples_of: one.samples.of,
    looks_taken: one.looks.taken,
    looks_planned: one.looks.planned,
  };
}

function properties(
  indent: string,
  values: Record<string, string | number | boolean | null>,
): string {
  const lines = Object.entries(values)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${indent}  <property${attributes({ name, value: textOf(value) })}/>`);
  return [`${indent}<properties>`, ...lines, `${indent}</properties>`].join('\n');
}
