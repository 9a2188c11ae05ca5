import { describe, expect, test } from 'vitest';
import { findTrusted, type StepError } from '../../src/calibration/find-trusted.ts';

/** A host whose p99 grows with the streams, and what it was asked. */
function hostOf(p99At: (streams: number, call: number) => number) {
  const asked: number[] = [];
  const measure = async (streams: number): Promise<StepError> => {
    asked.push(streams);
    return { streams, error_ms_p99: p99At(streams, asked.length) };
  };
  return { asked, measure };
}

describe('finding the trusted load', () => {
  test.each([
    ['errors that grow evenly', (streams: number) => streams / 300, 300, 1500],
    ['a cliff', (streams: number) => (streams <= 700 ? 0.4 : 60), 700, 700],
    [
      'a step between the limits',
      (streams: number) => (streams <= 90 ? 0.2 : streams < 400 ? 3 : 9),
      90,
      399,
    ],
    ['a small host', (streams: number) => streams * 0.4, 2, 12],
  ])('%s: within a quarter of it, and never beyond', async (_, p99At, trusted, limit) => {
    const found = await findTrusted(hostOf(p99At).measure, 8192);
    expect(found.trusted).toBeLessThanOrEqual(trusted);
    expect(found.trusted * 1.26 + 1).toBeGreaterThan(trusted);
    expect(found.limit).toBeLessThanOrEqual(limit);
    expect(found.limit * 1.26 + 1).toBeGreaterThan(limit);
    expect(found.openEnded).toBe(false);
    expect(found.steps.length).toBeLessThan(30);
  });

  test('a host that holds all that was tried', async () => {
    const { asked, measure } = hostOf(() => 0.1);
    const found = await findTrusted(measure, 100);
    expect(found).toMatchObject({ trusted: 100, limit: 100, openEnded: true });
    expect(asked).toEqual([16, 32, 64, 100]);
  });

  test('a host that cannot be trusted at all', async () => {
    const found = await findTrusted(hostOf(() => 40).measure, 8192);
    expect(found).toMatchObject({ trusted: 0, limit: 0, openEnded: false });
  });

  test('a neighbour for one step is no limit', async () => {
    const { measure } = hostOf((streams, call) => (call === 2 ? 80 : streams / 300));
    expect((await findTrusted(measure, 8192)).trusted).toBeGreaterThan(200);
  });
});
