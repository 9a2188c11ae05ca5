import { describe, expect, test } from 'vitest';
import { compareRuns } from '../../src/compare/compare.ts';
import type { ComparedRun } from '../../src/compare/types.ts';
import type { RequestRecord } from '../../src/metrics/types.ts';
import type { Manifest } from '../../src/store/types.ts';
import { aRecord, aTimeout, rowOf } from '../metrics/fixtures.ts';
import { RESUMED } from '../report/fixtures.ts';
import { aRun, aSummarisedRun, slowedRecords, tenRecords } from './fixtures.ts';

function ttftOf(runs: ComparedRun[], row = 0) {
  return compareRuns(runs).rows[row]?.metrics.find(({ metric }) => metric === 'ttft_ms_p50');
}

describe('differences', () => {
  test('are to the first run, absolute and in percent', () => {
    const runs = [100, 110, 50].map((ttftMs, i) => aRun(`run${i}`, tenRecords(ttftMs)));
    expect(ttftOf(runs)).toMatchObject({
      estimates: [{ value: 100, n: 10 }, { value: 110 }, { value: 50 }],
      differences: [null, { absolute: 10, percent: 10 }, { absolute: -50, percent: -50 }],
    });
  });

  test('of a base of 0 have no percent', () => {
    const failed = [aRecord(), aRecord({ outcome: 'stalled' })];
    const [errors] =
      compareRuns([aRun('a', tenRecords(1)), aRun('b', failed)]).rows[0]?.metrics ?? [];
    expect(errors?.differences[1]).toEqual({ absolute: 0.5, percent: null });
  });

  test('are not given where a figure is missing or a lower bound', () => {
    const bound = Array.from({ length: 9 }, () => aTimeout(60_000));
    const runs = [tenRecords(1), bound, [aRecord()]].map((records, i) => aRun(`run${i}`, records));
    expect(ttftOf(runs)?.differences).toEqual([null, null, null]);
  });
});

describe('rows are matched', () => {
  test('by suite, model and target; what one lacks is told', () => {
    const a = aRun('a', [...tenRecords(1), ...tenRecords(1, { model: 'other' })]);
    const b = aRun('b', [...tenRecords(2, { suite: 'chat' }), ...tenRecords(2)]);
    const { rows, warnings } = compareRuns([a, b]);
    expect(rows.map(({ model, suite }) => [model, suite])).toEqual([['DeepSeek-R1', 'reasoning']]);
    expect(warnings).toEqual(['a lacks suite chat.', 'b lacks other · reasoning.']);
  });

  test('where two of several runs have them', () => {
    const runs = ['reasoning', 'chat', 'chat'].map((suite, i) =>
      aRun(`run${i}`, tenRecords(1, { suite })),
    );
    const { rows, warnings } = compareRuns(runs);
    expect(rows.map(({ suite }) => suite)).toEqual(['chat']);
    expect(rows[0]?.metrics[0]?.estimates[0]).toBeNull();
    expect(warnings).toEqual([
      'run0 lacks suite chat.',
      'run1 lacks suite reasoning.',
      'run2 lacks suite reasoning.',
    ]);
  });

  test('not at all where no two runs have one in common', () => {
    const runs = ['reasoning', 'chat'].map((suite, i) => aRun(`run${i}`, tenRecords(1, { suite })));
    expect(compareRuns(runs).rows).toEqual([]);
  });

  test('across models and targets where each run has one', () => {
    const a = aRun('a', tenRecords(100));
    const b = aRun('b', tenRecords(200, { model: 'other', target: 'elsewhere' }));
    const { rows, warnings } = compareRuns([a, b]);
    expect(rows).toMatchObject([{ run: null, model: null, target: null, suite: 'reasoning' }]);
    expect(ttftOf([a, b])?.differences[1]).toEqual({ absolute: 100, percent: 100 });
    expect(warnings).toEqual([]);
  });
});

describe('sides', () => {
  const models = (names: string[], changes: Partial<RequestRecord> = {}) =>
    names.flatMap((model, i) => tenRecords(100 * (i + 1), { model, ...changes }));
  const sidesOf = (...args: Parameters<typeof compareRuns>) =>
    compareRuns(...args).runs.map(({ name }) => name);

  test('of one run its models, in the order of the run or of the person', () => {
    const run = aRun('a', models(['x', 'y', 'z']));
    expect(sidesOf([run])).toEqual(['x', 'y', 'z']);
    expect(sidesOf([run], { models: ['z', 'x'] })).toEqual(['z', 'x', 'y']);
    expect(compareRuns([run])).toMatchObject({ sides: 'model', rows: [{ model: null }] });
  });

  test('of one run of one model its targets', () => {
    const run = aRun('a', [...tenRecords(1), ...tenRecords(2, { target: 'elsewhere' })]);
    expect(compareRuns([run])).toMatchObject({
      sides: 'target',
      runs: [{ name: 'market' }, { name: 'elsewhere' }],
      rows: [{ model: 'DeepSeek-R1', target: null }],
    });
  });

  test('models over several runs: a row for each run', () => {
    const runs = ['a', 'b'].map((name) => aRun(name, models(['x', 'y'])));
    const { rows, runs: sides } = compareRuns(runs, { between: 'model' });
    expect(sides).toMatchObject([
      { name: 'x', run_id: 'a+b', target: 'market' },
      { name: 'y', run_id: 'a+b' },
    ]);
    expect(rows.map(({ run, model }) => [run, model])).toEqual([
      ['a', null],
      ['b', null],
    ]);
  });

  test('the base comes in front, by any of its names', () => {
    const run = aRun('a', models(['x', 'y', 'z']));
    expect(sidesOf([run], { base: 'y' })).toEqual(['y', 'x', 'z']);
    expect(() => sidesOf([run], { base: 'q' })).toThrow('--base q: no side of this comparison');
  });
});

describe('pairs', () => {
  const run = (name: string, factor: number, manifest: Partial<Manifest> = {}) =>
    aRun(name, slowedRecords('Llama', factor, name), manifest);
  const shiftOf = (runs: ComparedRun[]) => ttftOf(runs)?.shifts[1];

  test('of runs with the same prompts: the noise of prompts falls out', () => {
    const paired = shiftOf([run('a', 1), run('b', 1.1)]);
    const apart = shiftOf([run('a', 1), run('b', 1.1, { prompts_hash: 'x' })]);
    expect(paired).toMatchObject({ unit: 'percent', paired: true, pairs: 96, word: 'slower' });
    expect(apart).toMatchObject({ paired: false, pairs: null });
    const width = (shift: typeof paired) => (shift?.high ?? 0) - (shift?.low ?? 0);
    expect(width(paired)).toBeLessThan(width(apart) / 2);
    expect(paired?.low).toBeLessThan(10);
    expect(paired?.high).toBeGreaterThan(10);
  });

  test('sent as pairs: by their ids, whatever the case', () => {
    const arm = (model: string, factor: number) =>
      slowedRecords('Llama', factor, model).map((record, i) => ({
        ...record,
        model,
        case_id: `${model}-${i}`,
        pair_id: `p${i}`,
      }));
    const { rows } = compareRuns([aRun('a', [...arm('x', 1), ...arm('y', 1.1)])]);
    expect(rows[0]?.metrics[1]?.shifts[1]).toMatchObject({ paired: true, pairs: 96 });
  });

  test('not where hardly any request has a partner', () => {
    const others = slowedRecords('Llama', 1, 'b').map((record, i) =>
      i < 40 ? record : { ...record, case_id: `other-${i}` },
    );
    expect(shiftOf([run('a', 1), aRun('b', others)])).toMatchObject({ paired: false });
  });

  test('and a timeout in one of them is the largest difference', () => {
    const late = slowedRecords('Llama', 1, 'b').map((record, i) =>
      i % 4 === 1 ? aTimeout(60_000, { ...placeOf(record), model: 'Llama' }) : record,
    );
    const shift = shiftOf([run('a', 1), aRun('b', late)]);
    expect(shift).toMatchObject({ paired: true, pairs: 96, word: 'slower' });
    expect(shift?.low).toBeGreaterThan(2);
  });
});

/** What a record of another outcome has in common with the one in whose place it stands. */
function placeOf({ request_id, case_id, started_ms, scheduled_ms }: RequestRecord) {
  return { request_id, case_id, started_ms, scheduled_ms };
}

describe('without records', () => {
  const row = rowOf(slowedRecords('Llama', 1, 'a'));
  const comparison = compareRuns([
    aSummarisedRun('a', [row]),
    aRun('b', slowedRecords('Llama', 1, 'b')),
  ]);

  test('figures stand, without shifts', () => {
    const [, ttft] = comparison.rows[0]?.metrics ?? [];
    expect(ttft?.estimates[0]).toEqual(row.estimates.ttft_ms_p50);
    expect(ttft?.differences[1]).not.toBeNull();
    expect(comparison.comparisons).toBe(0);
  });

  test('and that is said', () => {
    expect(comparison.warnings).toEqual([
      'No records are left of a (requests.ndjson): its figures stand without shifts.',
    ]);
  });
});

describe('warnings', () => {
  const records = tenRecords(1);
  test.each<[string, Partial<Manifest>, RegExp]>([
    ['another plan', { plan_hash: 'x' }, /plans differ/],
    ['a partial side', { state: 'partial' }, /^b is partial/],
    ['a resumed side', RESUMED, /^b was resumed on 2026-01-02 at 04:05 UTC\.$/],
    ['an invalid side', { validity: { verdict: 'invalid', reasons: [] } }, /^b is invalid/],
    ['a simulated side', { simulated: true }, /^SIMULATED: the figures of b;/],
  ])('of %s', (_, manifest, expected) => {
    const { warnings } = compareRuns([aRun('a', records), aRun('b', records, manifest)]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(expected);
  });

  test('of tokens that are counted in different ways', () => {
    const other = tenRecords(1, { token_source: 'tokenizer' });
    expect(compareRuns([aRun('a', records), aRun('b', other)]).warnings).toEqual([
      'Tokens are not counted alike: a by usage, b by tokenizer. TPOT and tok/s differ by that too.',
    ]);
  });

  test('none where there is nothing to warn of', () => {
    expect(compareRuns([aRun('a', records), aRun('b', records)]).warnings).toEqual([]);
  });

  test('of figures that are all simulated', () => {
    const runs = ['a', 'b'].map((name) => aRun(name, records, { simulated: true }));
    expect(compareRuns(runs).warnings).toEqual([
      "SIMULATED: these figures are the embedded simulator's, not any provider's.",
    ]);
  });

  test('of an invalid run whose models are compared, by the name of the run, once', () => {
    const all = [...records, ...tenRecords(2, { model: 'other' })];
    const run = aRun('a', all, { validity: { verdict: 'invalid', reasons: [] } });
    expect(compareRuns([run]).warnings).toEqual(['a is invalid.']);
  });
});

describe('two checks', () => {
  const sent = (prompt: string) =>
    slowedRecords('DeepSeek-R1', 1, prompt).map((record, index) => ({
      ...record,
      case_id: `${prompt}${index}`,
      pair_id: `p${index}`,
      arm: 'candidate' as const,
    }));

  test('are not paired by names that every check gives', () => {
    const one = aRun('one', sent('x'), { prompts_hash: 'x' });
    const other = aRun('other', sent('y'), { prompts_hash: 'y' });
    expect(ttftOf([one, other])?.shifts[1]?.paired).toBe(false);
    const same = aRun('same', sent('x'), { prompts_hash: 'x' });
    expect(ttftOf([one, same])?.shifts[1]?.paired).toBe(true);
  });
});
