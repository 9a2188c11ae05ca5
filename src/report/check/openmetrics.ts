import type { CheckResult, Finding, FindingVerdict } from '../../gate/types.ts';
import { figuresOf } from './identity.ts';
import { plain } from './words.ts';

type Labels = Record<string, string>;
interface Sample {
  labels: Labels;
  value: number | null;
}

const VERDICTS: Record<FindingVerdict, number> = { pass: 0, inconclusive: 1, fail: 2 };

/**
 * A check as OpenMetrics text, for GitLab's metrics report or a push gateway. The labels are the same
 * from run to run, so that two reports can be compared; a run that cannot be trusted gives no figures.
 * @see https://docs.gitlab.com/ci/testing/metrics_reports/
 */
export function checkOpenmetrics(result: CheckResult): string {
  const simulated = String(result.simulated);
  const whole = (value: number | null, labels: Labels = {}): Sample => ({
    labels: { ...labels, simulated },
    value,
  });
  const figures = figuresOf(result);
  const judged = result.verdict === 'invalid' ? [] : result.findings;
  const changes = judged.filter(({ change }) => change !== null);
  const ofFigures = (of: (one: Finding) => number | null) =>
    figures.map((one) => ({ labels: { ...rowOf(one), simulated }, value: of(one) }));
  const ofChanges = (of: (one: Finding) => number | null) =>
    changes.map((one) => ({
      labels: { ...rowOf(one), ...heldTo(one), simulated },
      value: of(one),
    }));
  const count = (wanted: FindingVerdict) =>
    judged.filter(({ verdict, advisory }) => verdict === wanted && !advisory).length;

  return [
    family('tokentape_check_invalid', '1 where the run cannot be trusted.', [
      whole(result.verdict === 'invalid' ? 1 : 0),
    ]),
    family('tokentape_check_findings', 'Findings by verdict.', [
      ...(['pass', 'inconclusive', 'fail'] as const).map((verdict) =>
        whole(count(verdict), { verdict }),
      ),
    ]),
    family('tokentape_check_requests', 'Measured requests of the check.', [
      ...Object.entries(result.requests).map(([state, value]) => whole(value, { state })),
    ]),
    family('tokentape_check_cost_usd', 'What the check cost.', [whole(result.cost_usd)]),
    family('tokentape_check_duration_ms', 'How long the check took.', [whole(result.duration_ms)]),
    family(
      'tokentape_value',
      'Figure in the unit of its metric.',
      ofFigures((one) => one.value.value),
    ),
    family(
      'tokentape_value_low',
      'Lower end of its 95 % interval.',
      ofFigures((one) => one.value.low),
    ),
    family(
      'tokentape_value_high',
      'Upper end of it.',
      ofFigures((one) => one.value.high),
    ),
    family(
      'tokentape_change',
      'Change against what it was held to, as a share; of shares their difference.',
      ofChanges(({ change }) => change?.estimate ?? null),
    ),
    family(
      'tokentape_change_low',
      'Lower bound that the verdict rests on.',
      ofChanges(({ change }) => change?.low ?? null),
    ),
    family(
      'tokentape_change_high',
      'Upper bound that the verdict rests on.',
      ofChanges(({ change }) => change?.high ?? null),
    ),
    family('tokentape_verdict', 'Of a finding: 0 pass, 1 inconclusive, 2 fail.', [
      ...judged.map((one) => ({
        labels: { ...rowOf(one), ...heldTo(one), advisory: String(one.advisory), simulated },
        value: VERDICTS[one.verdict],
      })),
    ]),
    '# EOF\n',
  ].join('');
}

function rowOf({ target, model, suite, metric }: Finding): Labels {
  return { target, model, suite, metric };
}

/** How many runs a history has is no label: it would be another one each time. */
function heldTo({ form, against }: Finding): Labels {
  return form === 'history' ? { form } : { form, against };
}

/** A gauge; of samples with the same labels the first; nothing where none has a value. */
function family(name: string, help: string, samples: Sample[]): string {
  const lines = new Map<string, number>();
  for (const { labels, value } of samples) {
    const key = labelsText(labels);
    if (value !== null && Number.isFinite(value) && !lines.has(key)) lines.set(key, value);
  }
  if (lines.size === 0) return '';
  return [
    `# TYPE ${name} gauge`,
    `# HELP ${name} ${help}`,
    ...[...lines].map(([labels, value]) => `${name}${labels} ${value}`),
    '',
  ].join('\n');
}

function labelsText(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `{${parts.join(',')}}`;
}

function escaped(text: string): string {
  return plain(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}
