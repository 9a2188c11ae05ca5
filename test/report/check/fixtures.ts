import { DEFAULT_GATE } from '../../../src/gate/settings.ts';
import type { CheckResult, Finding, FindingVerdict } from '../../../src/gate/types.ts';
import type { Estimate } from '../../../src/metrics/types.ts';

export function aFigure(value: number | null, n = 100, spread = 0.04): Estimate {
  const bound = (by: number) => (value === null ? null : value * (1 + by));
  return { value, low: bound(-spread), high: bound(spread), n };
}

/** A paired finding that passed, unless told otherwise. */
export function aFinding(overrides: Partial<Finding> = {}): Finding {
  const { model = 'DeepSeek-R1' } = overrides;
  return {
    form: 'paired',
    target: 'market',
    model,
    label: model,
    suite: 'chat',
    metric: 'ttft_ms:p(50)',
    better: 'lower',
    verdict: 'pass',
    advisory: false,
    against: 'production',
    value: aFigure(186),
    baseline: aFigure(184),
    change: { scale: 'ratio', estimate: 0.011, low: -0.01, high: 0.033, confidence: 0.98 },
    limit: null,
    samples: { count: 100, of: 'pairs' },
    looks: { taken: 1, planned: 3 },
    why: 'the change is certainly below +10 %',
    next: null,
    ...overrides,
  };
}

const SLOWER: Partial<Finding> = {
  verdict: 'fail',
  value: aFigure(206, 105),
  baseline: aFigure(184, 105),
  change: { scale: 'ratio', estimate: 0.118, low: 0.091, high: 0.146, confidence: 0.98 },
  why: 'the change is certainly above 0, and at least +5 %',
  next: 'find what changed between the two; `tokentape compare` shows the other figures',
};
const UNDECIDED: Partial<Finding> = {
  verdict: 'inconclusive',
  metric: 'tpot_ms:p(50)',
  value: aFigure(21.9, 400),
  baseline: aFigure(20.8, 400),
  change: { scale: 'ratio', estimate: 0.051, low: -0.004, high: 0.112, confidence: 0.98 },
  samples: { count: 400, of: 'pairs' },
  looks: { taken: 3, planned: 3 },
  why: 'after the last look the change may be 0 and may be more than +10 %',
  next: 'raise the looks to 800 pairs, or ask `tokentape power` how many it takes',
};
const ERRORS: Partial<Finding> = {
  metric: 'error_rate',
  value: aFigure(0.01, 105, 0.5),
  baseline: aFigure(0, 105, 0),
  change: { scale: 'difference', estimate: 0.0095, low: -0.012, high: 0.039, confidence: 0.98 },
  why: 'the share of errors grew by less than 10 points for certain',
};
const LIMIT: Partial<Finding> = {
  form: 'threshold',
  metric: 'ttft_ms:p(95)',
  against: '< 800',
  value: { value: 640, low: 588, high: 701, n: 400 },
  baseline: null,
  change: null,
  limit: 800,
  samples: { count: 400, of: 'requests' },
  why: 'its interval lies below the limit',
};
const TREND: Partial<Finding> = {
  form: 'history',
  against: '12 runs',
  value: aFigure(212),
  baseline: aFigure(184, 12),
  samples: { count: 12, of: 'runs' },
  looks: { taken: 1, planned: 1 },
};

export function aResult(overrides: Partial<CheckResult> = {}): CheckResult {
  return {
    schema_version: 1,
    verdict: 'pass',
    run_id: '20260102T030405Z-chat',
    simulated: false,
    invalid_reasons: [],
    remarks: [],
    findings: [aFinding()],
    requests: { planned: 800, sent: 210, ok: 209 },
    cost_usd: 0.1234,
    duration_ms: 133_000,
    alpha: DEFAULT_GATE.alpha,
    ...overrides,
  };
}

/** A candidate that got slower: one failure, one undecided, the rest passed. */
export const pairedFail = aResult({
  verdict: 'fail',
  simulated: true,
  findings: [
    aFinding(SLOWER),
    aFinding(UNDECIDED),
    aFinding(ERRORS),
    aFinding({ model: 'Qwen2.5-Coder-32B-Instruct' }),
    aFinding({ model: 'Qwen2.5-Coder-32B-Instruct', metric: 'tpot_ms:p(50)' }),
    aFinding({ ...ERRORS, model: 'Qwen2.5-Coder-32B-Instruct' }),
  ],
  remarks: ['2 pairs of DeepSeek-R1 · chat are left out of the latencies: one of the two failed'],
});

export const pairedPass = aResult({
  findings: [aFinding(), aFinding({ ...UNDECIDED, ...passed(0.008) }), aFinding(ERRORS)],
});

export const pairedInconclusive = aResult({
  verdict: 'inconclusive',
  requests: { planned: 800, sent: 800, ok: 797 },
  findings: [aFinding(), aFinding(UNDECIDED), aFinding(ERRORS)],
});

export const limits = aResult({
  verdict: 'fail',
  findings: [
    aFinding({
      ...LIMIT,
      verdict: 'fail',
      value: { value: 912, low: 871, high: 960, n: 400 },
      why: 'its whole interval is past the limit',
      next: 'look at the slowest requests in requests.csv',
    }),
    aFinding({
      ...LIMIT,
      model: 'Qwen',
      verdict: 'inconclusive',
      value: { value: 780, low: 712, high: 845, n: 400 },
      looks: { taken: 3, planned: 3 },
      why: 'the limit lies within its interval, and the budget is used up',
      next: 'raise --max-cost, or the limit',
    }),
    aFinding({ ...LIMIT, model: 'Llama' }),
    aFinding({
      ...LIMIT,
      metric: 'decode_tokens_per_second:p(50)',
      better: 'higher',
      against: '>= 30',
      limit: 30,
      value: { value: 45.5, low: 44.1, high: 47.2, n: 400 },
    }),
    aFinding({
      ...LIMIT,
      metric: 'error_rate',
      against: '< 0.01',
      limit: 0.01,
      value: { value: 0, low: 0, high: 0.0092, n: 400 },
    }),
    aFinding({
      ...LIMIT,
      metric: 'cost_usd',
      against: '< 0.5',
      limit: 0.5,
      value: { value: 0.12, low: null, high: null, n: 400 },
    }),
  ],
});

export const history = aResult({
  verdict: 'fail',
  findings: [
    aFinding({
      ...TREND,
      verdict: 'fail',
      change: { scale: 'ratio', estimate: 0.152, low: 0.081, high: 0.226, confidence: 0.98 },
      why: 'it lies past the prediction bound of 12 runs, and is at least +5 %',
      next: 'run it once more; if it stays, find what changed since 20260101T030405Z-chat',
    }),
    aFinding({ ...TREND, model: 'Qwen', value: aFigure(185) }),
  ],
});

export const shortHistory = aResult({
  verdict: 'inconclusive',
  findings: [
    aFinding({
      ...TREND,
      advisory: true,
      against: '3 runs',
      verdict: 'inconclusive',
      samples: { count: 3, of: 'runs' },
      change: { scale: 'ratio', estimate: 0.152, low: 0.011, high: null, confidence: 0.98 },
      why: '3 runs do not bound the spread from run to run; 10 do',
      next: 'add 7 more runs with `tokentape baseline add`',
    }),
  ],
});

export const invalid = aResult({
  verdict: 'invalid',
  invalid_reasons: [
    'the client was late 3.2 % of the time, and 2.1 % of the reads were stamped late',
  ],
  findings: [aFinding(SLOWER), aFinding(ERRORS)],
});

const METRICS = ['ttft_ms:p(50)', 'tpot_ms:p(50)', 'error_rate'];

/** Twelve models, three suites, three metrics; what `verdictOf` says of each. */
export function manyFindings(
  verdictOf: (model: number, suite: number, metric: number) => FindingVerdict,
): CheckResult {
  const findings = Array.from({ length: 12 }, (_, model) =>
    ['chat', 'reasoning', 'long-context'].flatMap((suite, suiteIndex) =>
      METRICS.map((metric, metricIndex) => {
        const verdict = verdictOf(model, suiteIndex, metricIndex);
        const kind = metric === 'error_rate' ? ERRORS : passed((model - 6 + suiteIndex) / 400);
        const changed = verdict === 'fail' ? SLOWER : verdict === 'inconclusive' ? UNDECIDED : kind;
        const rest = metric === 'error_rate' ? ERRORS : changed;
        return aFinding({ ...rest, model: `vendor/model-${model + 1}`, suite, metric, verdict });
      }),
    ),
  ).flat();
  const verdicts = new Set(findings.map(({ verdict }) => verdict));
  const verdict = (['fail', 'inconclusive', 'pass'] as const).find((one) => verdicts.has(one));
  return aResult({ verdict: verdict ?? 'pass', findings });
}

function passed(estimate: number): Partial<Finding> {
  return {
    verdict: 'pass',
    change: {
      scale: 'ratio',
      estimate,
      low: estimate - 0.02,
      high: estimate + 0.022,
      confidence: 0.98,
    },
    value: aFigure(184 * (1 + estimate)),
    baseline: aFigure(184),
    why: 'the change is certainly below +10 %',
    next: null,
  };
}

/** Every word from outside tries to be more than a word. */
export const hostile = aResult({
  verdict: 'fail',
  run_id: '::stop-commands::x',
  invalid_reasons: [],
  remarks: ['\n::add-mask::secret', '<script>alert(1)</script>', '\u001b[2J\u202e'],
  findings: [
    aFinding({
      ...SLOWER,
      model: '</details><img src=x onerror=1>|`x`\n# owned',
      suite: '::error title=x::\u0000\uffff]]>',
      target: '##[add-mask]x,y=1:"z"%0A\r\n::set-env name=A::b',
      against: '[click](javascript:1) --> "\'&',
      why: 'a\\"b\n::warning::owned',
      next: '<b>next</b>',
    }),
  ],
});
