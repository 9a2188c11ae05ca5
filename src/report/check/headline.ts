import type { CheckResult, Finding, Verdict } from '../../gate/types.ts';
import { counted } from '../numbers.ts';
import { byModel, orderFindings } from './order.ts';
import { directionOf, plain } from './words.ts';

/** Of a verdict, or of what was said for information: told apart without colour. */
export const MARKS: Record<Verdict | 'advisory', string> = {
  fail: '✗',
  inconclusive: '?',
  invalid: '!',
  pass: '✓',
  advisory: 'i',
};

/** The verdict in a word; what stops a build is in capitals. */
export const WORDS: Record<Verdict | 'advisory', string> = {
  fail: 'FAIL',
  inconclusive: 'inconclusive',
  invalid: 'INVALID',
  pass: 'pass',
  advisory: 'advisory',
};

export const NEXT_AFTER_INVALID =
  'mend what is named above, then check again: nothing is said of the models either way';

const NAMED_MODELS = 3;

/** The verdict in a sentence. */
export function headlineOf(result: CheckResult): string {
  const { failed, undecided, advisory, passed } = orderFindings(result);
  const counting = [...failed, ...undecided, ...passed];
  const all = counted(counting.length, 'figure');
  if (result.verdict === 'invalid') {
    return 'The run cannot be trusted, so its figures decide nothing.';
  }
  if (counting.length === 0) return advisoryOnly(advisory);
  switch (result.verdict) {
    case 'fail': {
      const open = undecided.length === 0 ? '' : `, ${undecided.length} undecided`;
      return `${whatFailed(failed)}: ${failed.length} of ${all} failed${open}.`;
    }
    case 'inconclusive':
      return `${undecided.length} of ${all} could be decided neither way; none failed.`;
    case 'pass':
      return `${whatPassed(passed)}: ${passed.length === 1 ? 'the' : 'all'} ${all} passed.`;
  }
}

/** What passes for want of anything that counts must not read as a pass of something. */
function advisoryOnly(advisory: Finding[]): string {
  return advisory.length === 0
    ? 'Nothing was judged.'
    : `Nothing counts yet: ${counted(advisory.length, 'figure')} judged for information only.`;
}

/** `DeepSeek-R1 is slower than production`, `DeepSeek-R1 and Qwen are past limits` */
function whatFailed(failed: Finding[]): string {
  const { names, several } = modelsOf(failed);
  const be = several ? 'are' : 'is';
  if (failed.every(isLimit)) {
    return `${names} ${be} past ${failed.length === 1 ? 'a limit' : 'limits'}`;
  }
  const isSlower = failed.every((one) => directionOf(one) === 'slower');
  return `${names} ${be} ${isSlower ? 'slower' : 'worse'}${heldAgainst(failed, ' than ')}`;
}

/** `DeepSeek-R1 holds up against production`, `DeepSeek-R1 keeps its limits` */
function whatPassed(passed: Finding[]): string {
  const { names, several } = modelsOf(passed);
  if (passed.every(isLimit)) {
    if (passed.length === 1) return `${names} keeps its limit`;
    return several ? `${names} keep their limits` : `${names} keeps its limits`;
  }
  return `${names} ${several ? 'hold' : 'holds'} up${heldAgainst(passed, ' against ')}`;
}

/** What all of them were held against, where it is one and the same. */
function heldAgainst(findings: Finding[], word: string): string {
  if (findings.every(({ form }) => form === 'history')) return `${word}earlier runs`;
  const [other = '', ...more] = new Set(findings.map(({ against }) => plain(against)));
  return more.length === 0 ? word + other : '';
}

function isLimit({ limit }: Finding): boolean {
  return limit !== null;
}

function modelsOf(findings: Finding[]): { names: string; several: boolean } {
  const models = byModel(findings).map(([first]) => plain((first as Finding).label));
  const names = listOf(models.slice(0, NAMED_MODELS), models.length - NAMED_MODELS);
  return { names, several: models.length > 1 };
}

function listOf(names: string[], more: number): string {
  if (more > 0) return `${names.join(', ')} and ${more} more`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** `4 passed, 1 inconclusive`, whatever occurs, the worst first. */
export function countsOf(result: CheckResult): string {
  const { failed, undecided, advisory, passed } = orderFindings(result);
  const counts: [number, string][] = [
    [failed.length, 'failed'],
    [undecided.length, 'inconclusive'],
    [passed.length, 'passed'],
    [advisory.length, 'advisory'],
  ];
  return counts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ');
}
