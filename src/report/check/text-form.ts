import type { CheckResult, Finding } from '../../gate/types.ts';
import { SIMULATED_NOTICE } from '../notes.ts';
import { headlineOf, NEXT_AFTER_INVALID, WORDS } from './headline.ts';
import { orderFindings } from './order.ts';
import { factsOf, methodOf, namingOf, plain, sentenceOf } from './words.ts';

/**
 * A check as plain text for a log, a mail or `grep`: every finding on a line of its own that begins
 * with its verdict, however wide, nothing drawn. Ends in a line break.
 */
export function checkText(result: CheckResult): string {
  const { failed, undecided, advisory, passed } = orderFindings(result);
  const nameOf = namingOf(result.findings);
  const isInvalid = result.verdict === 'invalid';
  const lines = [
    ...(result.simulated ? [SIMULATED_NOTICE] : []),
    `${WORDS[result.verdict]}: ${headlineOf(result)}`,
    factsOf(result).join(', '),
    ...result.invalid_reasons.map((reason) => `INVALID: ${plain(reason)}`),
    ...(isInvalid ? [`next: ${NEXT_AFTER_INVALID}`] : []),
    ...[...failed, ...undecided, ...advisory, ...passed].flatMap((one) =>
      linesOf(one, nameOf(one), isInvalid),
    ),
    ...result.remarks.map((remark) => `remark: ${plain(remark)}`),
    ...methodOf(result),
    ...(result.simulated ? [SIMULATED_NOTICE] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** Of a run that cannot be trusted no finding has a verdict. */
function linesOf(one: Finding, name: string, isInvalid: boolean): string[] {
  const verdict = WORDS[one.advisory ? 'advisory' : one.verdict];
  const against = one.limit === null ? `, against ${plain(one.against)}` : '';
  const line = `${isInvalid ? 'unjudged' : verdict}: ${name}: ${sentenceOf(one)}${against}`;
  if (isInvalid || (one.verdict === 'pass' && !one.advisory)) return [line];
  return [
    line,
    ...(one.why === '' ? [] : [`  why: ${plain(one.why)}`]),
    ...(one.next === null ? [] : [`  next: ${plain(one.next)}`]),
  ];
}
