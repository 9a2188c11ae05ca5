import { describe, expect, test } from 'vitest';
import { findingsOf, groupsOf, growthOf, testsOf } from '../../src/check/groups.ts';
import { Sequential } from '../../src/check/sequential.ts';
import { type CheckDesign, fromStored, toStored } from '../../src/check/stored.ts';
import { DEFAULT_GATE, type GateSettings } from '../../src/gate/settings.ts';
import { parseThreshold, type Threshold } from '../../src/gate/thresholds.ts';
import type { RowEvidence } from '../../src/metrics/evidence.ts';
import { Summariser } from '../../src/metrics/summary.ts';
import type { RequestRecord } from '../../src/metrics/types.ts';
import { buildPairedPlan, type PairedPlan } from '../../src/plan/pairs.ts';
import { buildPlan } from '../../src/plan/plan.ts';
import type { PlannedRequest } from '../../src/plan/types.ts';
import { createRandom } from '../../src/random.ts';
import { aFailure, aRecord } from '../metrics/fixtures.ts';
import { caseOf, modelOf, settingsOf, suiteOf, targetOf } from '../plan/fixtures.ts';

const [ONE, TWO] = [modelOf('one', { label: 'uno' }), modelOf('two')];
const SUITES = ['s', 't'].map((name) => suiteOf(name, [caseOf('a'), caseOf('b')]));
const TARGETS = [targetOf('market', [ONE, TWO])];
const GATE: GateSettings = { ...DEFAULT_GATE, looks: [20, 40, 80], tailLooks: [80] };

function limits(...texts: string[]): Threshold[] {
  return texts.map((text) => {
    const read = parseThreshold(text);
    if ('problem' in read) throw new Error(read.problem);
    return read;
  });
}

function paired(baseline = TWO): PairedPlan {
  const place = (model: typeof ONE) => ({ target: 'market', model });
  return buildPairedPlan({
    suites: SUITES,
    targets: TARGETS,
    settings: settingsOf(),
    opponents: [{ candidate: place(ONE), baseline: place(baseline) }],
    pairs: 80,
  });
}

/** Requests answered in some order; the candidate so much slower. */
function answered(requests: PlannedRequest[], slower: number): RequestRecord[] {
  const random = createRandom('answers');
  const records = requests.map((request) =>
    aRecord({
      request_id: request.requestId,
      target: request.target,
      model: request.model,
      suite: request.suite,
      case_id: request.caseId,
      ...(request.pairId !== null && { pair_id: request.pairId }),
      ...(request.arm !== null && { arm: request.arm }),
      ttft_ms: 100 * Math.exp(0.1 * random.normal()) * (request.arm === 'candidate' ? slower : 1),
      tpot_ms: 20 * Math.exp(0.1 * random.normal()),
    }),
  );
  return random.shuffle(records);
}

/** Of all that was sent, as the run's own summary has it. */
function evidenceOf(records: RequestRecord[], rows: PairedPlan['rows']): RowEvidence[] {
  const summariser = new Summariser({});
  for (const record of records) summariser.add(record);
  return summariser.evidence(rows);
}

function judge(design: CheckDesign, plan: PairedPlan, records: RequestRecord[]) {
  const groups = groupsOf(design, plan.requests, plan.rows, {});
  const sequential = new Sequential(groups);
  const settled: string[] = [];
  sequential.begin(
    (ids) => settled.push(...ids),
    () => {},
  );
  for (const record of records) sequential.taken(record);
  sequential.end();
  sequential.rethrow();
  const evidence = evidenceOf(records, plan.rows);
  return { findings: findingsOf(groups, design, plan.rows, evidence), settled };
}

describe('comparisons', () => {
  const design = (plan: PairedPlan, thresholds: Threshold[] = []): CheckDesign => ({
    comparisons: plan.comparisons,
    thresholds,
    settings: GATE,
    graded: {},
  });

  test('are judged each by its own pairs, at its own size', () => {
    const plan = paired();
    const slow = answered(plan.requests, 1.3).map((record) =>
      record.suite === 't' && record.arm === 'candidate'
        ? { ...record, ttft_ms: (record.ttft_ms ?? 0) / 1.3 }
        : record,
    );
    const { findings } = judge(design(plan), plan, slow);
    expect(
      findings.map(({ label, suite, metric, verdict }) => [label, suite, metric, verdict]),
    ).toEqual([
      ['uno', 's', 'ttft_ms:p(50)', 'fail'],
      ['uno', 's', 'tpot_ms:p(50)', 'pass'],
      ['uno', 's', 'error_rate', 'pass'],
      ['uno', 't', 'ttft_ms:p(50)', 'pass'],
      ['uno', 't', 'tpot_ms:p(50)', 'pass'],
      ['uno', 't', 'error_rate', 'pass'],
    ]);
    expect(findings[0]).toMatchObject({ form: 'paired', against: 'two', samples: { of: 'pairs' } });
    expect(findings[0]?.change?.estimate).toBeGreaterThan(0.2);
    expect(findings[0]?.change?.estimate).toBeLessThan(0.4);
  });

  test('of a model with itself tell by the arm alone whose a record is', () => {
    const plan = paired(ONE);
    const { findings } = judge(design(plan), plan, answered(plan.requests, 1.3));
    const ttft = findings.filter(({ metric }) => metric === 'ttft_ms:p(50)');
    expect(ttft.map(({ verdict, against }) => [verdict, against])).toEqual([
      ['fail', 'uno itself'],
      ['fail', 'uno itself'],
    ]);
    const limited = design(plan, limits('ttft_ms:p(50)>115'));
    const both = judge(limited, plan, answered(plan.requests, 1.3)).findings;
    const [limit] = both.filter(({ form }) => form === 'threshold');
    // Of both arms together it would lie between them, and below.
    expect(limit).toMatchObject({ verdict: 'pass', model: 'one' });
    expect(limit?.value.value).toBeGreaterThan(120);
  });

  test('come to the same whatever the order in which requests ended', () => {
    const plan = paired();
    const records = answered(plan.requests, 1.04);
    const all = design(plan, limits('ttft_ms:p(50)<200'));
    const other = judge(all, plan, [...records].reverse());
    expect(other.findings).toEqual(judge(all, plan, records).findings);
  });

  test('share their chance of a false fail with the limits on candidates', () => {
    const plan = paired();
    const texts = limits('error_rate<5%', 'error_rate{suite:s}<5%', 'error_rate{model:two}<5%');
    expect(testsOf(design(plan, texts), plan.rows)).toBe(2 * 3 + 2 + 1);
    const { findings } = judge(design(plan, texts), plan, answered(plan.requests, 1));
    expect(findings.at(-1)).toMatchObject({
      model: 'two',
      verdict: 'inconclusive',
      why: expect.stringContaining('means no row'),
    });
  });

  test("judge no rate, for half of the time is not the candidate's, and say so", () => {
    const plan = paired();
    const rates = [
      'requests_per_second>1000000',
      'output_tokens_per_second>1',
      'goodput_per_second>1',
    ];
    const limited = design(plan, limits(...rates, 'error_rate<40%'));
    expect(testsOf(limited, plan.rows)).toBe(2 * 3 + 2);
    const { findings } = judge(limited, plan, answered(plan.requests, 1));
    const found = findings.filter(({ metric }) => metric.endsWith('per_second'));
    expect(found).toHaveLength(2 * 3);
    expect(found.every(({ advisory }) => advisory)).toBe(true);
    expect(found[0]).toMatchObject({
      verdict: 'inconclusive',
      model: 'one',
      limit: 1_000_000,
      why: expect.stringContaining("half of the time is the other arm's"),
      next: expect.stringContaining('a run of its own'),
    });
  });

  test('go on where a turn was never sent', () => {
    const plan = paired();
    const records = answered(plan.requests, 1.3).filter(({ suite }) => suite === 's');
    const [gone] = plan.requests;
    const groups = groupsOf(design(plan), plan.requests, plan.rows, {});
    const sequential = new Sequential(groups);
    sequential.unsent({ requestId: gone?.requestId ?? '' }, 'conversation');
    for (const record of records) {
      if (record.request_id !== gone?.requestId) sequential.taken(record);
    }
    const [ttft] = findingsOf(groups, design(plan), plan.rows, []);
    expect(ttft).toMatchObject({ verdict: 'fail', samples: { count: expect.any(Number) } });
    expect((ttft?.samples.count ?? 0) % 2).toBe(1);
  });
});

describe('rows', () => {
  const growing = { ...settingsOf(), repeat: 10 * growthOf(GATE) };
  const plan = {
    ...buildPlan({ suites: SUITES, targets: TARGETS, settings: growing }),
    comparisons: [],
  };
  const design = (...texts: string[]): CheckDesign => ({
    comparisons: [],
    thresholds: limits(...texts),
    settings: GATE,
    graded: {},
  });

  test('are sent as far as their limits need, and no further', () => {
    const { settled, findings } = judge(
      design('error_rate{model:one}<40%', 'error_rate{model:two}<10%'),
      plan,
      plan.requests.map((one) => answered([one], 1)[0] as RequestRecord),
    );
    expect(findings.map(({ model, verdict, looks }) => [model, verdict, looks.taken])).toEqual([
      ['one', 'pass', 1],
      ['one', 'pass', 1],
      ['two', 'pass', 3],
      ['two', 'pass', 3],
    ]);
    const own = (model: string) => plan.requests.filter((one) => one.model === model);
    const counts = ['one', 'two'].map(
      (model) => own(model).filter(({ requestId }) => settled.includes(requestId)).length,
    );
    expect(counts).toEqual([2 * 60, 0]);
  });

  test('are held to their cost by all that was sent, also after the verdict was reached', () => {
    const records = plan.requests.map((one) => ({
      ...(answered([one], 1)[0] as RequestRecord),
      cost_usd: 0.01,
    }));
    const { findings } = judge(design('error_rate<40%', 'cost_usd<$0.5'), plan, records);
    const costs = findings.filter(({ metric }) => metric === 'cost_usd');
    expect(findings).toHaveLength(2 * 4);
    expect(costs).toHaveLength(4);
    // At the first look 20 of 80 were looked at, which came to $0.20.
    expect(costs[0]).toMatchObject({ verdict: 'fail', value: { value: expect.closeTo(0.8, 9) } });
    const alone = judge(design('cost_usd<$0.5'), plan, records);
    expect(alone.findings.map(({ verdict }) => verdict)).toEqual(Array(4).fill('fail'));
    expect(alone.settled.length).toBeGreaterThan(0);
  });

  test('without a figure that others have are told so, once there are enough of them', () => {
    const classifier = plan.requests.map((one) => ({
      ...(answered([one], 1)[0] as RequestRecord),
      tpot_ms: one.model === 'two' ? null : 20,
    }));
    const { findings } = judge(
      design('tpot_ms:med<60', 'tpot_ms{model:two}:med<60'),
      plan,
      classifier,
    );
    expect(findings.map(({ model, advisory, looks }) => [model, advisory, looks.taken])).toEqual([
      ['one', false, 3],
      ['one', false, 3],
      ['two', true, 3],
      ['two', false, 3],
      ['two', true, 3],
      ['two', false, 3],
    ]);
  });

  test('that no limit means are in no group', () => {
    const groups = groupsOf(
      design('error_rate{model:one,suite:s}<5%'),
      plan.requests,
      plan.rows,
      {},
    );
    expect(groups.map(({ units }) => units.length)).toEqual([80]);
  });

  test('that the key does not open are judged only where a limit names the model', () => {
    const both = design('error_rate<40%', 'error_rate{model:uno}<40%');
    const groups = groupsOf(both, plan.requests, plan.rows, {});
    const sequential = new Sequential(groups);
    const [first, ...others] = plan.requests.filter(({ model }) => model === 'one');
    sequential.taken({
      ...aFailure(),
      request_id: first?.requestId ?? '',
      model: 'one',
      suite: 's',
    });
    for (const request of others) sequential.unsent(request, 'refused');
    for (const record of answered(
      plan.requests.filter(({ model }) => model === 'two'),
      1,
    )) {
      sequential.taken(record);
    }
    sequential.end();
    const rows = plan.rows.map((row) => ({ ...row, not_subscribed: row.model === 'one' }));
    expect(
      findingsOf(groups, both, rows, []).map(({ model, suite, verdict }) => [
        model,
        suite,
        verdict,
      ]),
    ).toEqual([
      ['one', 's', 'inconclusive'],
      ['one', 't', 'inconclusive'],
      ['two', 's', 'pass'],
      ['two', 't', 'pass'],
    ]);
  });

  test('of which nothing was sent because the budget was spent are undecided', () => {
    const limited = design('error_rate<40%');
    const groups = groupsOf(limited, plan.requests, plan.rows, {});
    const sequential = new Sequential(groups);
    for (const request of plan.requests) sequential.unsent(request, 'max_cost');
    sequential.end();
    const verdicts = findingsOf(groups, limited, plan.rows, []).map(({ verdict }) => verdict);
    expect(verdicts).toEqual(Array(4).fill('inconclusive'));
  });
});

test('a design is read back from a manifest as it was', () => {
  const design: CheckDesign = {
    comparisons: paired().comparisons,
    thresholds: limits('ttft_ms:p(95)<800ms', 'error_rate{model:one}<1%'),
    settings: { ...GATE, alpha: 0.02, tail: { failFrom: 0.2, passBelow: 0.4 } },
    graded: { chat: 'deferred', quiz: 'at_once' },
  };
  const stored = JSON.parse(JSON.stringify(toStored(design)));
  expect(fromStored(stored, DEFAULT_GATE)).toEqual(design);
});

test('a manifest of before scores were judged is judged again as it was', () => {
  const { comparisons, requests, rows } = paired();
  const design = {
    comparisons,
    thresholds: [],
    settings: GATE,
    graded: { chat: 'at_once' as const },
  };
  const { watch_score: _, graded: __, limits: of, ...stored } = toStored(design);
  const { score: ___, ...before } = of;
  const read = fromStored({ ...stored, limits: before }, DEFAULT_GATE);
  expect(read).toMatchObject({ graded: {}, settings: { watchScore: false } });
  // As many findings share α, and the same are made.
  expect(testsOf(read, rows)).toBe(comparisons.length * GATE.metrics.length);
  const judged = groupsOf(read, requests, rows, {});
  for (const { judges, gradedAtOnce } of judged) {
    expect(judges).toHaveLength(1);
    expect(gradedAtOnce).toBeUndefined();
  }
});

test.each([
  ['thresholds', 'ttft_s:p(95)<1'],
  ['metrics', 'ttft_s'],
])('of %s that cannot be read, none is left out in silence', (name, text) => {
  const thresholds = limits('error_rate<1%');
  const design = { comparisons: [], thresholds, settings: GATE, graded: {} };
  const stored = { ...toStored(design), [name]: [text] };
  expect(() => fromStored(stored, DEFAULT_GATE)).toThrow(`'${text}', which cannot be read`);
});
