import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { baselineText } from '../../src/baseline/file-text.ts';
import { baselineOf, identityOf, SAMPLES_MOST } from '../../src/baseline/of-run.ts';
import { parseBaseline } from '../../src/baseline/parse.ts';
import { quantileOfThinned, thinned } from '../../src/baseline/thinning.ts';
import { Summariser } from '../../src/metrics/summary.ts';
import { planHash } from '../../src/plan/hash.ts';
import { createRandom } from '../../src/random.ts';
import { quantile } from '../../src/stats/quantile.ts';
import { aPlan } from '../commands/stored-runs.ts';
import { aFailure, aPlannedRow, aTimeout, recordsOf } from '../metrics/fixtures.ts';
import { aManifest } from '../report/fixtures.ts';

const MODELS = Array.from({ length: 12 }, (_, index) => `vendor/Some-Model-${index}-70B-Instruct`);
const plan = aPlan({
  models: MODELS.map((model) => ({ target: 'market', model, parameters: { temperature: 0.6 } })),
});

/** A run of twelve models, so many requests each, with a failure and a timeout. */
function aRun(requests: number) {
  const summariser = new Summariser({});
  for (const model of MODELS) {
    const typical = { ttftMs: 400, tpotMs: 20, tokens: 200 };
    for (const record of recordsOf(model, requests - 2, typical)) summariser.add(record);
    summariser.add(aFailure({ model, case_id: 'f', started_ms: 1e6, ended_ms: 1e6 + 50 }));
    summariser.add(
      aTimeout(60_000, { model, case_id: 't', started_ms: 1e6, ended_ms: 1e6 + 60_000 }),
    );
  }
  const manifest = aManifest({
    plan_hash: planHash(plan),
    plan_parts: plan,
    metrics_version: 1,
    git: { revision: 'abc', dirty: true },
  });
  const rows = MODELS.map((model) => aPlannedRow({ model, planned: requests }));
  return baselineOf(manifest, summariser.evidence(rows), ['ttft_ms', 'tpot_ms', 'e2e_ms']);
}

describe('a baseline file', () => {
  const baseline = aRun(500);
  const text = baselineText(baseline);

  test('reads back as what was written, and is written alike again', () => {
    const parsed = parseBaseline(text, 'x.json');
    expect(parsed).toEqual({ baseline });
    expect('baseline' in parsed && baselineText(parsed.baseline)).toBe(text);
  });

  test('of twelve models is tens of kilobytes, with a line per row and list of samples', () => {
    expect(text.length).toBeLessThan(80_000);
    const lines = text.split('\n');
    expect(lines.filter((line) => line.includes('"estimates"'))).toHaveLength(12);
    expect(lines.filter((line) => line.includes('"values"'))).toHaveLength(36);
    expect(Object.keys(JSON.parse(text)).slice(0, 2)).toEqual(['kind', 'schema_version']);
  });

  test('keeps what was bounded, and how many samples there were', () => {
    const [row] = baseline.rows;
    const ttft = row?.samples.ttft_ms;
    expect(ttft).toMatchObject({ of: 499, at_least_from: 60_000 });
    expect(ttft?.values).toHaveLength(SAMPLES_MOST);
    expect(row?.requests).toMatchObject({ planned: 500, ok: 498, failed: 2 });
  });

  test('differs in few lines where one model does', () => {
    const other = structuredClone(baseline);
    const [first] = other.rows;
    if (first) first.estimates.ttft_ms_p50.value = 123;
    const changed = baselineText(other).split('\n');
    expect(text.split('\n').filter((line, index) => line !== changed[index])).toHaveLength(1);
  });
});

describe('thinned samples', () => {
  const values = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), {
    minLength: 1,
    maxLength: 700,
  });

  test('are some of them, as many as wanted, in the order they stood', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 200 }), (all, most) => {
        const kept = thinned(all, most);
        expect(kept).toHaveLength(Math.min(all.length, most));
        let at = -1;
        for (const value of kept) {
          at = all.indexOf(value, at + 1);
          expect(at).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  const storedOf = (all: readonly number[]) => {
    return { of: all.length, at_least_from: null, values: thinned(all, SAMPLES_MOST) };
  };

  test.each([201, 300, 1000, 5003])('of %i have their quantiles where they were', (count) => {
    const all = Array.from({ length: count }, (_, index) => (index * 617) % count);
    for (const p of [0.03, 0.1, 0.5, 0.8, 0.97, 0.99]) {
      expect(quantileOfThinned(storedOf(all), p)).toBeCloseTo((count - 1) * p, 6);
    }
  });

  test('of log-normal samples are not off outwards', () => {
    const random = createRandom('thinned');
    let off = 0;
    for (let run = 0; run < 200; run++) {
      const all = Array.from({ length: 2000 }, () => Math.exp(0.4 * random.normal()));
      const whole = quantile(Float64Array.from(all).sort(), 0.97) ?? 0;
      off += (quantileOfThinned(storedOf(all), 0.97) / whole - 1) / 200;
    }
    expect(Math.abs(off)).toBeLessThan(0.001);
  });

  test('of what was kept whole have the quantiles of all', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (all, p) => {
        const few = all.slice(0, SAMPLES_MOST);
        const sorted = Float64Array.from(few).sort();
        expect(quantileOfThinned(storedOf(few), p)).toBeCloseTo(quantile(sorted, p) ?? 0, 6);
      }),
    );
  });
});

describe('a run of the first versions', () => {
  const parts = aPlan();
  const config = {
    targets: [
      { name: 'market', models: [{ name: 'DeepSeek-R1', parameters: { temperature: 0.6 } }] },
    ],
    settings: {
      concurrency: 8,
      order: 'parallel',
      repeat: 1,
      warmup: 0,
      run_limits: { duration_ms: null, requests: null },
    },
  };
  const manifest = aManifest({ config, suites: [{ ...parts.suites[0], cases: 3 } as never] });

  test('has the parts of its plan from its config, where they give its hash', () => {
    expect(identityOf({ ...manifest, plan_hash: planHash(parts) })).toEqual({
      simulated: false,
      plan: parts,
      plan_hash: planHash(parts),
      metrics_version: 1,
    });
  });

  test('has none where they do not', () => {
    expect(identityOf(manifest).plan).toBeNull();
    expect(identityOf(aManifest()).plan).toBeNull();
  });
});
