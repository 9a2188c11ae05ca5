import pc from 'picocolors';
import type { Baseline, BaselineRow } from '../baseline/types.ts';
import type { SummaryRow } from '../metrics/types.ts';
import { counted, formatCount } from './numbers.ts';
import { renderRows } from './table.ts';
import { neutralise, wrap } from './text.ts';
import type { TextOptions } from './view.ts';

/** One baseline in full. */
export function renderBaseline(baseline: Baseline, options: TextOptions): string {
  const { yellow, bold } = pc.createColors(options.colour);
  const { git, plan, validity } = baseline;
  const facts: [string, string][] = [
    ['started', baseline.started_at],
    [
      'git',
      git === null
        ? 'n/a'
        : `${git.revision}${git.dirty ? ', with changes that were not committed' : ''}`,
    ],
    ['tokentape', `${baseline.version}, metric definitions ${baseline.metrics_version}`],
    ['client', [validity.verdict, ...validity.reasons].join(': ')],
    ['plan', baseline.plan_hash.slice(0, 12)],
    ...(plan?.suites ?? []).map(({ name, hash }): [string, string] => [
      'suite',
      `${name} ${hash.slice(0, 8)}`,
    ]),
    ...(plan === null ? [] : [['load', loadText(plan.load)] as [string, string]]),
    ['samples', samplesText(baseline)],
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    baseline.simulated
      ? yellow("SIMULATED: these figures are the embedded simulator's, not any provider's.")
      : '',
    bold(neutralise(baseline.run_id)),
    facts
      .map(([name, text]) =>
        wrap(
          neutralise(`${name}: ${text}`).replace(`${name}: `, `${name.padEnd(width)}  `),
          options.columns,
          '  ',
          ' '.repeat(width + 4),
        ),
      )
      .join('\n'),
    renderRows(baseline.rows.map(summaryRowOf), options),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

function loadText({
  duration_ms,
  requests,
  concurrency,
  order,
  repeat,
  warmup,
}: NonNullable<Baseline['plan']>['load']): string {
  return [
    `concurrency ${concurrency}`,
    order,
    `repeat ${repeat}`,
    `warm-up ${warmup}`,
    ...(requests === null ? [] : [`${counted(requests, 'request')} of each`]),
    ...(duration_ms === null ? [] : [`${duration_ms / 1000} s`]),
  ].join(', ');
}

function samplesText({ rows }: Baseline): string {
  const stored = rows.flatMap(({ samples }) => Object.values(samples));
  const sum = (of: (each: (typeof stored)[number]) => number) =>
    stored.reduce((total, each) => total + of(each), 0);
  const metrics = [...new Set(rows.flatMap(({ samples }) => Object.keys(samples)))];
  if (metrics.length === 0) return 'none';
  const [kept, of] = [sum(({ values }) => values.length), sum((each) => each.of)];
  return `${formatCount(kept)} of ${formatCount(of)}, of ${metrics.join(', ')}`;
}

/** What a baseline does not keep is empty. */
function summaryRowOf({ samples: _, ...row }: BaselineRow): SummaryRow {
  return {
    ...row,
    failures: {},
    skipped_reason: null,
    reasoning_tokens: null,
    token_sources: {},
    token_check: null,
    window_ms: null,
    concurrency_mean: null,
    concurrency_max: null,
    flags: {},
  };
}
