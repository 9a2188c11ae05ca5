import { describe, expect, test } from 'vitest';
import { gradeMetric } from '../../../src/gate/metric.ts';
import { gradedPairsOf } from '../../../src/gate/paired/graded.ts';
import type { Pair } from '../../../src/gate/paired/pair.ts';
import { PairedGate } from '../../../src/gate/paired/paired-gate.ts';
import { DEFAULT_GATE } from '../../../src/gate/settings.ts';
import type { Grade, Mark } from '../../../src/score/types.ts';
import { aGrade } from '../../metrics/fixtures.ts';
import { failedWith, recordWith } from './fixtures.ts';

const SCORE = gradeMetric('score');
const UNGRADED = gradeMetric('ungraded_share');

const LETTERS: Record<string, Mark> = { r: 'right', w: 'wrong', u: 'ungraded' };

/** One side of a pair: `r`, `w`, `u`, a score, or `-` for a reply that failed. */
function side(
  of: string | number,
  place: { case_id: string; repeat: number },
  more: Partial<Grade>,
) {
  if (of === '-') return { ...failedWith('server_5xx'), ...place };
  const mark = typeof of === 'number' ? (of === 1 ? 'right' : 'wrong') : (LETTERS[of] as Mark);
  const score = typeof of === 'number' ? of : mark === 'ungraded' ? null : Number(mark === 'right');
  const reason = mark === 'ungraded' ? 'no number in it' : null;
  return recordWith({ ...place, grade: aGrade({ ...place, grade: mark, score, reason, ...more }) });
}

/** Pairs as `rw`, the candidate first; each of a case of its own, or of `cases` in turn. */
function pairs(texts: readonly string[], cases = texts.length): Pair[] {
  return texts.map(([candidate = '-', baseline = '-'], index) => {
    const place = { case_id: `c${index % cases}`, repeat: Math.floor(index / cases) };
    return { candidate: side(candidate, place, {}), baseline: side(baseline, place, {}) };
  });
}

const times = (count: number, text: string) => Array<string>(count).fill(text);

/** Kinds of pairs spread evenly, so that every look sees them in their proportion. */
function mixed(count: number, kinds: Record<string, number>): string[] {
  const owed = new Map(Object.keys(kinds).map((kind) => [kind, 0]));
  return Array.from({ length: count }, () => {
    for (const [kind, share] of Object.entries(kinds)) {
      owed.set(kind, (owed.get(kind) ?? 0) + share);
    }
    const [next = ''] = [...owed].sort(([, a], [, b]) => b - a)[0] ?? [];
    owed.set(next, (owed.get(next) ?? 0) - 1);
    return next;
  });
}

function judge(all: readonly Pair[], { watched = false, metric = SCORE, tests = 1 } = {}) {
  const gate = new PairedGate([metric], DEFAULT_GATE, tests, watched);
  let [finding] = gate.look([], false);
  for (const size of gate.looks) {
    if (gate.decided || size > all.length) break;
    [finding] = gate.look(all.slice(0, size), false);
  }
  if (finding === undefined) throw new Error('no finding');
  return { finding, decided: gate.decided };
}

describe('where there is no figure', () => {
  const cut = times(400, '--');

  test('for want of any reply, grading is not to blame', () => {
    const { finding } = judge(pairs(cut), { watched: true });
    expect(finding.next).toBe('see what came of the requests');
    expect(finding.why).not.toContain('has a grade');
  });

  test('for want of grades, it is said that grading may be off', () => {
    const ungraded = cut.map((_, index) => {
      const place = { case_id: `c${index}`, repeat: 0 };
      return { candidate: recordWith(place), baseline: recordWith(place) };
    });
    const { finding } = judge(ungraded, { watched: true });
    expect(finding.next).toBe('see that grading is on (grading.enabled)');
  });

  test('several pairs were graded, and one was', () => {
    const few = (count: number) =>
      judge(pairs([...times(count, 'rr'), ...times(400 - count, 'uu')])).finding.why;
    expect(few(13)).toContain('only 13 pairs of 400 sent were graded');
    expect(few(1)).toContain('only 1 pair of 400 sent was graded');
  });
});

describe('what pairs say of their grades', () => {
  test('a pair counts where both sides are right or wrong, above 0 being worse', () => {
    const graded = gradedPairsOf(pairs(['rr', 'wr', 'rw', 'ww', 'ur', 'ru', 'uu', '-r']), 'score');
    expect([...graded.differences]).toEqual([0, 1, -1, 0]);
    expect(graded).toMatchObject({
      sent: 8,
      ungraded: { candidate: 1, baseline: 1, both: 1 },
      unanswered: 1,
      reason: 'no number in it',
    });
  });

  test('the share of ungraded answers takes all that were answered', () => {
    const graded = gradedPairsOf(pairs(['rr', 'ur', 'ru', 'uu', '-r']), 'ungraded_share');
    expect([...graded.differences]).toEqual([0, 1, -1, 0]);
    expect(graded).toMatchObject({ sent: 5, unanswered: 1 });
  });

  test('where graders could say nothing of any answer, nothing is the same in both', () => {
    const graded = gradedPairsOf(pairs(times(30, 'uu')), 'ungraded_share');
    expect(graded.differences).toHaveLength(0);
    expect(graded.ungraded.both).toBe(30);
  });

  test('a score is compared as it is, an accuracy by its marks', () => {
    const place = { case_id: 'c', repeat: 0 };
    const partial = [{ candidate: side(0.25, place, {}), baseline: side(1, place, {}) }];
    expect([...gradedPairsOf(partial, 'score').differences]).toEqual([0.75]);
    expect([...gradedPairsOf(partial, 'accuracy').differences]).toEqual([1]);
  });

  test('a case counts once, however often it was sent', () => {
    const graded = gradedPairsOf(pairs(['wr', 'rr', 'wr', 'rr', 'rr', 'rr'], 2), 'score');
    expect(graded.candidate).toHaveLength(6);
    expect([...graded.differences].map((one) => Number(one.toFixed(3)))).toEqual([0.667, 0]);
  });

  test('the turns of a conversation are one pair, wrong where one of them is', () => {
    const turns = (candidate: string[], baseline: string[]): Pair[] =>
      candidate.map((mark, turn) => {
        const place = { case_id: 'talk', repeat: 0 };
        const more = { turn, graded_turns: 3 };
        const other = baseline[turn];
        return {
          candidate: { ...side(mark, place, more), turn },
          baseline:
            other === undefined ? failedWith('dropped') : { ...side(other, place, more), turn },
        };
      });
    const whole = gradedPairsOf(turns(['r', 'w', 'r'], ['r', 'r', 'r']), 'accuracy');
    expect([...whole.differences]).toEqual([1]);
    const broken = gradedPairsOf(turns(['r', 'r', 'r'], ['r']), 'accuracy');
    expect(broken).toMatchObject({ sent: 1, unanswered: 1 });
  });

  test('what expects nothing misses no grade', () => {
    const plain = { candidate: recordWith(), baseline: recordWith(), isGraded: false };
    expect(gradedPairsOf([...pairs(['rr']), plain], 'score')).toMatchObject({
      sent: 1,
      unanswered: 0,
    });
  });
});

describe('a score asked for by name', () => {
  test('passes where the answers are as good, and higher is better', () => {
    const { finding, decided } = judge(
      pairs(mixed(400, { rr: 0.7, ww: 0.26, rw: 0.02, wr: 0.02 })),
    );
    expect(finding).toMatchObject({ verdict: 'pass', advisory: false, better: 'higher' });
    expect(decided).toBe(true);
  });

  test('fails where certainly more cases are lost than won', () => {
    const { finding } = judge(pairs(mixed(400, { rr: 0.7, ww: 0.1, wr: 0.17, rw: 0.03 })));
    expect(finding).toMatchObject({ verdict: 'fail', change: { scale: 'difference' } });
    expect(finding.change?.estimate).toBeCloseTo(-0.14, 2);
    expect(finding.change?.high).toBeLessThan(0);
    expect(finding.why).toContain('points lower');
    expect(finding.why).toContain('better in the baseline');
    expect(finding.next).toContain('tokentape show');
  });

  test('is open where as many went either way as leave both possible', () => {
    const { finding, decided } = judge(pairs(mixed(400, { rr: 0.6, wr: 0.2, rw: 0.15, ww: 0.05 })));
    expect(finding).toMatchObject({ verdict: 'inconclusive', advisory: false });
    expect(decided).toBe(true);
    expect(finding.next).toContain('more pairs');
  });

  test('does not pass on the few that could be graded', () => {
    const { finding } = judge(pairs(mixed(400, { rr: 0.4, uu: 0.3, ur: 0.3 })));
    expect(finding.verdict).toBe('inconclusive');
    expect(finding.why).toContain('a pass takes half of them at least');
  });

  test('says why where nothing could be graded, and which flag helps', () => {
    const code = pairs(times(100, 'uu')).map((pair) => ({
      candidate: withReason(pair.candidate),
      baseline: withReason(pair.baseline),
    }));
    const { finding } = judge(code);
    expect(finding).toMatchObject({ verdict: 'inconclusive', advisory: false });
    expect(finding.why).toContain('code was not run (--run-code)');
    expect(finding.next).toBe('send it again with --run-code');
  });

  test('wants cases, not passes over a few', () => {
    const { finding } = judge(pairs(times(400, 'rr'), 10));
    expect(finding.verdict).toBe('inconclusive');
    expect(finding.why).toContain('only 10 cases to judge by');
    const many = judge(pairs(times(400, 'rr'), 40)).finding;
    expect(many).toMatchObject({ verdict: 'inconclusive' });
    expect(many.next).toContain('more cases');
  });
});

function withReason(record: Pair['candidate']): Pair['candidate'] {
  const { grade } = record;
  return grade === undefined
    ? record
    : { ...record, grade: { ...grade, reason: 'code was not run (--run-code)' } };
}

describe('a score that is watched', () => {
  test('fails by the same rule', () => {
    const lost = pairs(mixed(400, { rr: 0.7, ww: 0.1, wr: 0.17, rw: 0.03 }));
    expect(judge(lost, { watched: true }).finding).toMatchObject({
      verdict: 'fail',
      advisory: false,
    });
  });

  test('is told for information where it is open, with what the pairs could hide', () => {
    const { finding } = judge(pairs(mixed(400, { rr: 0.6, wr: 0.2, rw: 0.15, ww: 0.05 })), {
      watched: true,
    });
    expect(finding).toMatchObject({ verdict: 'inconclusive', advisory: true, next: null });
    expect(finding.why).toMatch(
      /not certainly worse; it may be [\d.]+ points lower, and these pairs could not tell/,
    );
  });

  test('goes on looking after a look that left it open', () => {
    const early = mixed(100, { rr: 0.6, wr: 0.12, rw: 0.08, ww: 0.2 });
    const late = mixed(300, { rr: 0.5, wr: 0.3, ww: 0.2 });
    const { finding } = judge(pairs([...early, ...late]), { watched: true });
    expect(finding.verdict).toBe('fail');
  });
});

describe('answers that can no longer be graded', () => {
  const hiding = pairs(mixed(400, { rr: 0.55, ww: 0.25, ur: 0.2 }));

  test('leave the score as it was', () => {
    expect(judge(hiding, { watched: true }).finding.verdict).toBe('pass');
  });

  test('fail by the share of them', () => {
    const { finding } = judge(hiding, { watched: true, metric: UNGRADED });
    expect(finding).toMatchObject({ verdict: 'fail', better: 'lower' });
    expect(finding.why).toContain('points higher');
    expect(finding.next).toContain('--ungraded');
  });
});
