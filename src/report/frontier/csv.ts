import type { Frontier, FrontierModel } from '../../frontier/types.ts';
import type { Estimate } from '../../metrics/types.ts';
import { type Cell, csvOf } from '../csv.ts';

const ESTIMATED = [
  'quality',
  'speed',
  'ttft_ms_p50',
  'decode_tokens_per_second_p50',
  'e2e_ms_p50',
  'cost_per_request_usd',
  'cost_per_1000_requests_usd',
  'error_rate',
  'ungraded_share',
] as const satisfies (keyof FrontierModel)[];

const PARTS = ['low', 'high', 'n'] as const satisfies (keyof Estimate)[];

/** The frontier as CSV: a header, then one line per model; n/a is an empty cell. */
export function frontierCsv(frontier: Frontier): string {
  const head = [
    'target',
    'model',
    'label',
    'suites',
    'simulated',
    'cases',
    'requests_ok',
    'requests_failed',
    'quality_metric',
    'speed_metric',
    ...ESTIMATED.flatMap((name) => [name, ...PARTS.map((part) => `${name}_${part}`)]),
    'on_frontier',
    'dominated_by',
    'dominated_by_target',
    'dominated_probability',
  ];
  const lines = frontier.models.map((model): Cell[] => {
    const [first] = model.dominated_by;
    return [
      model.target,
      model.model,
      model.label,
      model.suites.join(' '),
      model.simulated,
      model.cases,
      model.requests.ok,
      model.requests.failed,
      frontier.quality,
      frontier.speed,
      ...ESTIMATED.flatMap((name) => [
        model[name].value,
        ...PARTS.map((part) => model[name][part]),
      ]),
      model.on_frontier,
      first?.model ?? null,
      first?.target ?? null,
      first?.probability ?? null,
    ];
  });
  return [head, ...lines].map(csvOf).join('');
}
