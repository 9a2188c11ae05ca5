import { createHash } from 'node:crypto';
import type { CheckResult, Finding } from '../../gate/types.ts';
import { jsonText } from '../../json.ts';
import { headlineOf, WORDS } from './headline.ts';
import { judgementOf, modelOf } from './identity.ts';
import { orderFindings } from './order.ts';
import { namingOf, plain, sentenceOf } from './words.ts';

type Severity = 'info' | 'minor' | 'major' | 'critical' | 'blocker';

/** One entry of a Code Quality report. */
interface Degradation {
  description: string;
  check_name: string;
  /** The same for the same finding of another run, so that GitLab can say what is new. */
  fingerprint: string;
  severity: Severity;
  location: { path: string; lines: { begin: number } };
}

/**
 * A check as GitLab's Code Quality report: what failed (critical), what is undecided (minor) and what
 * is certainly worse though it counts for nothing yet (info), or that the run cannot be trusted (blocker).
 * @param configPath of the file that all of it is about, relative to the repository
 * @see https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export function checkGitlabQuality(result: CheckResult, configPath: string): string {
  const nameOf = namingOf(result.findings);
  const location = { path: relative(configPath), lines: { begin: 1 } };
  const mark = result.simulated ? 'SIMULATED: ' : '';
  const of = (name: string, severity: Severity, description: string, key: string[]) => ({
    description: `${mark}${description}`,
    check_name: `tokentape/${name}`,
    fingerprint: hashOf([name, ...key]),
    severity,
    location,
  });
  const { failed, undecided, advisory } = orderFindings(result);
  const entries: Degradation[] =
    result.verdict === 'invalid'
      ? [of('invalid', 'blocker', descriptionOfInvalid(result), [])]
      : [
          ...failed.map((one) => of('fail', 'critical', tell(one), keyOf(one))),
          ...undecided.map((one) => of('inconclusive', 'minor', tell(one), keyOf(one))),
          ...advisory
            .filter(isCertainlyWorse)
            .map((one) => of('advisory', 'info', tell(one), keyOf(one))),
        ];
  return `${jsonText(entries, 2)}\n`;

  function tell(one: Finding): string {
    const next = one.next === null ? '' : `; next: ${plain(one.next)}`;
    const against = one.limit === null ? `, against ${plain(one.against)}` : '';
    const word = one.advisory ? WORDS.advisory : WORDS[one.verdict];
    return `${word}: ${nameOf(one)}: ${sentenceOf(one)}${against}${next}`;
  }
}

/** Of few runs nobody knows the spread: what is said of them is noise unless the change is certain. */
function isCertainlyWorse({ better, change }: Finding): boolean {
  if (change === null) return false;
  return better === 'lower' ? (change.low ?? 0) > 0 : (change.high ?? 0) < 0;
}

function descriptionOfInvalid(result: CheckResult): string {
  return [headlineOf(result), ...result.invalid_reasons.map(plain)].join(' ');
}

function keyOf(one: Finding): string[] {
  return [modelOf(one), one.suite, judgementOf(one)];
}

function hashOf(parts: string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex');
}

/** With forward slashes, without `./` in front. */
function relative(file: string): string {
  return file.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
}
