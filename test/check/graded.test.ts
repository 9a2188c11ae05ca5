import { describe, expect, test } from 'vitest';
import { gradedSuites } from '../../src/check/graded.ts';
import { findingsOf, groupsOf, testsOf } from '../../src/check/groups.ts';
import { refuseUngraded } from '../../src/check/idle.ts';
import { Sequential } from '../../src/check/sequential.ts';
import type { CheckDesign } from '../../src/check/stored.ts';
import { gradeMetric } from '../../src/gate/metric.ts';
import { DEFAULT_GATE, type GateSettings } from '../../src/gate/settings.ts';
import { parseThreshold, type Threshold } from '../../src/gate/thresholds.ts';
import { Summariser } from '../../src/metrics/summary.ts';
import type { RequestRecord } from '../../src/metrics/types.ts';
import { buildPairedPlan } from '../../src/plan/pairs.ts';
import { buildPlan } from '../../src/plan/plan.ts';
import type { PlannedRequest } from '../../src/plan/types.ts';
import { createRandom } from '../../src/random.ts';
import type { Grade, Mark } from '../../src/score/types.ts';
import { turnsGradedAtEnd } from '../../src/suite/turns.ts';
import { aGrade, aRecord } from '../metrics/fixtures.ts';
import { caseOf, modelOf, settingsOf, suiteOf, targetOf } from '../plan/fixtures.ts';

const [ONE, TWO] = [modelOf('one'), modelOf('two')];
const TARGETS = [targetOf('market', [ONE, TWO])];
const CASES = Array.from({ length: 80 }, (_, index) => `case-${index}`);
const QUIZ = suiteOf(
  'quiz',
  CASES.map((id) => caseOf(id)),
);
const GATE: GateSettings = { ...DEFAULT_GATE, looks: [20, 40, 80], tailLooks: [80] };
const SCORED: GateSettings = { ...GATE, metrics: [gradeMetric('score')] };

const PLAN = buildPairedPlan({
  suites: [QUIZ],
  targets: TARGETS,
  settings: settingsOf(),
  opponents: [
    { candidate: { target: 'market', model: ONE }, baseline: { target: 'market', model: TWO } },
  ],
  pairs: 80,
});

const limits = (...texts: string[]) => texts.map((text) => parseThreshold(text) as Threshold);

const designOf = (parts: Partial<CheckDesign> = {}): CheckDesign => ({
  comparisons: PLAN.comparisons,
  thresholds: [],
  settings: GATE,
  graded: { quiz: 'at_once' },
  ...parts,
});

/** Faster where it is the candidate, if so asked; every latency a little off by chance. */
function answerTo(request: PlannedRequest, faster: number): RequestRecord {
  const random = createRandom(request.requestId);
  const place = placeOf(request);
  const factor = request.arm === 'candidate' ? 1 / faster : 1;
  return aRecord({
    ...place,
    ttft_ms: 100 * factor * Math.exp(0.05 * random.normal()),
    tpot_ms: 20 * factor * Math.exp(0.05 * random.normal()),
  });
}

function placeOf(request: PlannedRequest) {
  return {
    request_id: request.requestId,
    target: request.target,
    model: request.model,
    suite: request.suite,
    case_id: request.caseId,
    ...(request.pairId !== null && { pair_id: request.pairId }),
    ...(request.arm !== null && { arm: request.arm }),
  };
}

type Marking = (request: PlannedRequest, index: number) => Mark | null;

/** The candidate has every fifth case wrong, or ungraded. */
const everyFifth =
  (mark: Mark): Marking =>
  ({ arm, caseId }) =>
    arm === 'candidate' && Number(caseId.replace('case-', '')) % 5 === 0 ? mark : 'right';
const allRight: Marking = () => 'right';

interface Sending {
  marks: Marking;
  faster?: number;
  /** Grades come when all is sent. */
  late?: boolean;
}

function send(
  design: CheckDesign,
  { marks, faster = 1, late = false }: Sending,
  plan: Pick<typeof PLAN, 'requests' | 'rows'> = PLAN,
) {
  const groups = groupsOf(design, plan.requests, plan.rows, {});
  const sequential = new Sequential(groups);
  const needless = new Set<string>();
  sequential.begin(
    (names) => {
      for (const name of names) needless.add(name);
    },
    () => {},
  );
  const summariser = new Summariser({});
  const grades: Grade[] = [];
  let sent = 0;
  for (const [index, request] of plan.requests.entries()) {
    if (request.phase !== 'measure') continue;
    if (needless.has(request.requestId)) {
      sequential.unsent(request, 'decided');
      continue;
    }
    sent++;
    const record = answerTo(request, faster);
    summariser.add(record);
    sequential.taken(record);
    const mark = marks(request, index);
    if (mark === null) continue;
    const grade = aGrade({ ...placeOf(request), grade: mark });
    summariser.addGrade(grade);
    if (late) grades.push(grade);
    else sequential.graded(grade);
  }
  for (const grade of grades) sequential.graded(grade);
  sequential.end();
  sequential.rethrow();
  const findings = findingsOf(groups, design, plan.rows, summariser.evidence(plan.rows));
  const brief = findings.map(
    ({ metric, verdict, advisory }) => `${metric} ${verdict}${advisory ? ', advisory' : ''}`,
  );
  return { findings, brief, sent };
}

describe('a comparison on a graded suite', () => {
  test('has its score and its ungraded answers watched, which share α', () => {
    expect(testsOf(designOf(), PLAN.rows)).toBe(5);
    expect(testsOf(designOf({ graded: {} }), PLAN.rows)).toBe(3);
    const unwatched = designOf({ settings: { ...GATE, watchScore: false } });
    expect(testsOf(unwatched, PLAN.rows)).toBe(3);
  });

  test('passes where the candidate is faster, and as good', () => {
    const { brief } = send(designOf(), { marks: allRight, faster: 1.5 });
    expect(brief.slice(0, 3)).toEqual([
      'ttft_ms:p(50) pass',
      'tpot_ms:p(50) pass',
      'error_rate pass',
    ]);
    expect(brief.slice(3)).toEqual(['score pass', 'ungraded_share pass']);
  });

  test('fails where it is faster, and worse', () => {
    const { findings, brief } = send(designOf(), { marks: everyFifth('wrong'), faster: 1.5 });
    expect(brief).toContain('score fail');
    const score = findings.find(({ metric }) => metric === 'score');
    expect(score).toMatchObject({ form: 'paired', against: 'two', advisory: false });
    expect(score?.change?.estimate).toBeLessThan(-0.1);
  });

  test('fails where answers can no longer be graded', () => {
    const { brief } = send(designOf(), { marks: everyFifth('ungraded'), faster: 1.5 });
    expect(brief).toContain('ungraded_share fail');
    expect(brief).not.toContain('score fail');
  });

  test('is not held up by a score that is open', () => {
    const quick = { ...GATE, errorRate: { failFrom: 0.3, passBelow: 0.5 } };
    const coin: Marking = ({ requestId }) =>
      createRandom(requestId).next() < 0.5 ? 'right' : 'wrong';
    const { brief, sent } = send(designOf({ settings: quick }), { marks: coin, faster: 1.5 });
    expect(brief).toContain('score inconclusive, advisory');
    expect(sent).toBe(40);
    const asked = { ...quick, metrics: [...quick.metrics, gradeMetric('score')] };
    const whole = send(designOf({ settings: asked }), { marks: coin, faster: 1.5 });
    expect(whole.brief).toContain('score inconclusive');
    expect(whole.sent).toBe(160);
  });

  test('whose grades come late looks at them once, at the end', () => {
    const design = designOf({ graded: { quiz: 'deferred' } });
    const quick = { ...GATE, errorRate: { failFrom: 0.3, passBelow: 0.5 } };
    const watched = send(
      { ...design, settings: quick },
      { marks: everyFifth('wrong'), faster: 1.5, late: true },
    );
    const score = watched.findings.find(({ metric }) => metric === 'score');
    expect(score).toMatchObject({ looks: { taken: 1, planned: 1 }, samples: { count: 20 } });
    expect(watched.sent).toBe(40);
    const asked = send({ ...design, settings: SCORED }, { marks: everyFifth('wrong'), late: true });
    expect(asked.sent).toBe(160);
    expect(asked.brief).toEqual(['score fail', 'ungraded_share pass']);
  });

  test('of which nothing was graded is open where a score was asked for', () => {
    const none = send(designOf({ settings: SCORED }), { marks: () => null });
    expect(none.brief).toEqual(['score inconclusive', 'ungraded_share inconclusive, advisory']);
    expect(none.findings[0]?.why).toContain('no answer has a grade');
    const unreadable = send(designOf({ settings: SCORED }), { marks: () => 'ungraded' });
    expect(unreadable.brief).toEqual([
      'score inconclusive',
      'ungraded_share inconclusive, advisory',
    ]);
  });
});

describe('limits on a score', () => {
  const plan = buildPlan({
    suites: [QUIZ],
    targets: [targetOf('market', [ONE])],
    settings: settingsOf({ repeat: 4 }),
  });
  const design = designOf({ comparisons: [], thresholds: limits('score>=0.5') });

  test('are looked at as the sample grows where grades come at once', () => {
    const { brief, sent } = send(design, { marks: allRight }, plan);
    expect(brief).toEqual(['score pass']);
    expect(sent).toBe(80);
  });

  test('are looked at once, of all that was sent, where they come late', () => {
    const late = { ...design, graded: { quiz: 'deferred' as const } };
    const { findings, sent } = send(late, { marks: allRight, late: true }, plan);
    expect(findings).toMatchObject([
      { metric: 'score', verdict: 'pass', looks: { taken: 1, planned: 1 } },
    ]);
    expect(sent).toBe(80);
  });
});

describe('which suites are graded', () => {
  const code = caseOf('code', { turns: turnsGradedAtEnd(['Write it.'], [{ type: 'code' }]) });
  const plain = caseOf('plain', { turns: turnsGradedAtEnd(['Hello.'], []) });

  test('those that expect anything, and when', () => {
    const suites = [QUIZ, suiteOf('code', [caseOf('a'), code]), suiteOf('talk', [plain])];
    expect(gradedSuites(suites, true)).toEqual({ quiz: 'at_once', code: 'deferred' });
    expect(gradedSuites(suites, false)).toEqual({});
  });

  test('a score of none is refused before anything is sent', () => {
    const metrics = [gradeMetric('score')];
    expect(() => refuseUngraded(metrics, {}, true)).toThrow('no suite says what it expects');
    expect(() => refuseUngraded(metrics, {}, false)).toThrow('grading is switched off');
    expect(() => refuseUngraded(metrics, { quiz: 'at_once' }, true)).not.toThrow();
    expect(() => refuseUngraded(DEFAULT_GATE.metrics, {}, true)).not.toThrow();
  });
});
