import type { CheckResult, Finding } from '../../gate/types.ts';
import { truncate } from '../text.ts';
import { headlineOf, NEXT_AFTER_INVALID } from './headline.ts';
import { byModel, orderFindings } from './order.ts';
import { directionOf, plain, sentenceOf } from './words.ts';

/** GitHub shows so many errors, and so many warnings, of one step. */
const MOST = 10;
const FINDINGS_TOLD = 10;
const MESSAGE_COLUMNS = 500;

/**
 * A check as GitHub's workflow commands: one error per model that failed, one warning per model that
 * is undecided and did not fail; at most ten of each, of which the tenth counts the rest. One error
 * for a run that cannot be trusted. Nothing where all passed.
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function checkAnnotations(result: CheckResult): string {
  const lines = result.verdict === 'invalid' ? [untrusted(result)] : judged(result);
  return lines.map((line) => `${line}\n`).join('');
}

function untrusted(result: CheckResult): string {
  const message = [headlineOf(result), ...result.invalid_reasons, `next: ${NEXT_AFTER_INVALID}`];
  return command('error', title(result, 'the check is invalid'), message);
}

function judged(result: CheckResult): string[] {
  const { failed, undecided } = orderFindings(result);
  const failing = byModel(failed);
  const isFailing = (one: Finding) =>
    failed.some(({ target, model }) => target === one.target && model === one.model);
  const open = byModel(undecided.filter((one) => !isFailing(one)));
  return [
    ...atMost('error', failing, (group) => [title(result, failureOf(group)), messageOf(group)]),
    ...atMost('warning', open, (group) => [
      title(result, `${labelOf(group)} is undecided`),
      messageOf(group),
    ]),
  ];

  function atMost(
    level: 'error' | 'warning',
    groups: Finding[][],
    tell: (group: Finding[]) => [string, string[]],
  ): string[] {
    const told = groups.length > MOST ? groups.slice(0, MOST - 1) : groups;
    const rest = groups.slice(told.length).map(labelOf);
    const word = level === 'error' ? 'failed' : 'are undecided';
    return [
      ...told.map((group) => command(level, ...tell(group))),
      ...(rest.length === 0
        ? []
        : [command(level, title(result, `${rest.length} more models ${word}`), [rest.join(', ')])]),
    ];
  }
}

function failureOf(group: Finding[]): string {
  const slower = group.every((one) => directionOf(one) === 'slower');
  if (slower) return `${labelOf(group)} is slower`;
  const isPast = group.every(({ limit }) => limit !== null);
  return `${labelOf(group)} is ${isPast ? 'past a limit' : 'worse'}`;
}

function labelOf([first]: Finding[]): string {
  return plain((first as Finding).label);
}

/** One line per finding, then what to do. */
function messageOf(group: Finding[]): string[] {
  const told = group.slice(0, FINDINGS_TOLD);
  const more = group.length - told.length;
  const next = new Set(told.flatMap((one) => (one.next === null ? [] : [one.next])));
  return [
    ...told.map((one) => {
      const against = one.limit === null ? `, against ${one.against}` : '';
      return `${one.suite}: ${sentenceOf(one)}${against}`;
    }),
    ...(more > 0 ? [`… and ${more} more`] : []),
    ...[...next].map((step) => `next: ${step}`),
  ];
}

function title({ simulated }: CheckResult, text: string): string {
  return `${simulated ? 'SIMULATED: ' : ''}${text}`;
}

function command(level: 'error' | 'warning', heading: string, message: string[]): string {
  const cut = (text: string) => truncate(plain(text), MESSAGE_COLUMNS);
  const text = message.map(cut).join('\n');
  return `::${level} title=${escapeProperty(`tokentape: ${cut(heading)}`)}::${escapeData(text)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
