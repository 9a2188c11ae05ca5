import { describe, expect, test } from 'vitest';
import { figuresOf, judgeValidity } from '../../src/run/validity.ts';
import type { ThreadFigures } from '../../src/store/types.ts';

const LIMITS = { lateMs: 2, lateShare: 0.01, cpuShare: 0.8 };

/** A quiet minute. */
function figures(changes: Partial<ThreadFigures> = {}): ThreadFigures {
  return {
    window_ms: 60_000,
    probes: 12_000,
    late_share: 0.001,
    lateness_ms_p50: 0.2,
    lateness_ms_p99: 1.1,
    lateness_ms_max: 7.4,
    cpu_share: 0.1,
    loop_share: 0.12,
    run_queue_share: 0.001,
    gc_pauses: 10,
    gc_ms: 12,
    gc_ms_max: 4,
    reads: 30_000,
    late_reads: 20,
    schedule_delay_ms_p99: 3,
    schedule_delay_ms_max: 30,
    backlog_pauses: 0,
    ...changes,
  };
}

const LATE = { late_share: 0.034, late_reads: 900, lateness_ms_max: 20.13 };

describe('the verdict', () => {
  test.each<[string, Partial<ThreadFigures>, 'valid' | 'warned' | 'invalid', RegExp[]]>([
    ['a quiet run', {}, 'valid', []],
    ['as late as it may be', { late_share: 0.01, late_reads: 300 }, 'valid', []],
    [
      'late for part of the time and of the reads',
      LATE,
      'invalid',
      [
        /^the client was more than 2 ms late for 3\.4 % of the time, 3 % of what came \(limit 1 %, worst 20\.1 ms\): /,
      ],
    ],
    ['late only while nothing came', { ...LATE, late_reads: 10 }, 'valid', []],
    [
      'a handful of reads late, hardly any time',
      { late_share: 0.002, late_reads: 900 },
      'valid',
      [],
    ],
    ['one read of one', { late_share: 0.5, reads: 1, late_reads: 1 }, 'valid', []],
    ['no read at all', { late_share: 0.5, reads: 0, late_reads: 0 }, 'valid', []],
    [
      'a busy core',
      { cpu_share: 0.81 },
      'invalid',
      [/^the measuring thread used 81 % of a core \(limit 80 %\)/],
    ],
    ['a busy core for less than a second', { cpu_share: 0.95, window_ms: 900 }, 'valid', []],
    [
      'where the system does not tell the CPU, the loop counts',
      { cpu_share: null, loop_share: 0.9 },
      'invalid',
      [/used 90 % of a core/],
    ],
    ['both', { ...LATE, cpu_share: 0.9 }, 'invalid', [/late for/, /of a core/]],
    ['sending paused', { backlog_pauses: 3 }, 'warned', [/^sending paused 3 times/]],
    ['late, and sending paused', { ...LATE, backlog_pauses: 3 }, 'invalid', [/late for/, /paused/]],
  ])('%s', (_, changes, verdict, reasons) => {
    const judged = judgeValidity(figures(changes), LIMITS, false);
    expect(judged.verdict).toBe(verdict);
    expect(judged.reasons).toHaveLength(reasons.length);
    for (const [index, reason] of reasons.entries()) expect(judged.reasons[index]).toMatch(reason);
    expect(judged.measured).toEqual(figures(changes));
  });

  test('of the simulator alone, a warning', () => {
    expect(judgeValidity(figures(LATE), LIMITS, true).verdict).toBe('warned');
    expect(judgeValidity(figures(), LIMITS, true).verdict).toBe('valid');
  });

  test('where nothing was measured there is nothing to doubt', () => {
    expect(judgeValidity(null, LIMITS, false)).toEqual({ verdict: 'valid', reasons: [] });
  });

  test('limits are settings', () => {
    const lax = { lateMs: 2, lateShare: 1, cpuShare: 1 };
    const worst = { late_share: 1, late_reads: 30_000, cpu_share: 1 };
    expect(judgeValidity(figures(worst), lax, false).verdict).toBe('valid');
  });

  test.each<[string, Partial<ThreadFigures>, RegExp]>([
    ['neighbours', { run_queue_share: 0.05 }, /other processes had its core for 5 % of the time/],
    ['garbage', { gc_ms: 1800 }, /garbage collection took 3 %/],
    ['its own work', { cpu_share: 0.6 }, /too much to do/],
    ['whatever it was', {}, /something held it up/],
  ])('names what held it up: %s', (_, changes, cause) => {
    const [reason] = judgeValidity(figures({ ...LATE, ...changes }), LIMITS, false).reasons;
    expect(reason).toMatch(cause);
  });
});

test('what the thread tells is kept in four decimals', () => {
  const thread = {
    windowMs: 1000.123456,
    probes: 100,
    lateShare: 1 / 3,
    latenessMsP50: 0,
    latenessMsP99: 1,
    latenessMsMax: 2,
    cpuShare: null,
    loopShare: 0.5,
    waitedShare: 0.25,
    gcPauses: 1,
    gcMs: 2,
    gcMsMax: 2,
    reads: 5,
    lateReads: 4,
    scheduleDelayMsP99: 1,
    scheduleDelayMsMax: 1,
  };
  expect(figuresOf({ type: 'finished', backlogPauses: 2, thread })).toMatchObject({
    window_ms: 1000.1235,
    late_share: 0.3333,
    cpu_share: null,
    run_queue_share: 0.25,
    late_reads: 4,
    backlog_pauses: 2,
  });
  expect(figuresOf({ type: 'finished', backlogPauses: 2, thread: null })).toBeNull();
});
