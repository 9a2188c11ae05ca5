import { describe, expect, test } from 'vitest';
import { aFailure, aRecord } from '../../metrics/fixtures.ts';
import { onlySource, pairedRecords, sourcesOf } from './pilots.ts';

/** `passes` over `cases`, one request a second. */
function repeats(cases: number, passes: number) {
  return Array.from({ length: cases * passes }, (_, index) =>
    aRecord({
      request_id: `r${index}`,
      case_id: `c${index % cases}`,
      repeat: Math.floor(index / cases),
      started_ms: 1000 * index,
    }),
  );
}

describe('a run of pairs', () => {
  test('gives its own, in whichever order the arms ended', () => {
    const records = pairedRecords(3, 0.2);
    const swapped = records.map((_, i) => records[i % 2 === 0 ? i + 1 : i - 1] ?? aRecord());
    for (const source of [onlySource(records), onlySource(swapped)]) {
      expect(source.source).toBe('pairs');
      expect(source.pairs.map(({ candidate }) => candidate)).toEqual(
        records.filter(({ arm }) => arm === 'candidate'),
      );
    }
  });

  test('is told apart by who is compared, and named after the candidate', () => {
    const against = (model: string) =>
      pairedRecords(2, 0.1).map((record) =>
        record.arm === 'candidate'
          ? { ...record, pair_id: `${model}${record.pair_id}`, model }
          : { ...record, pair_id: `${model}${record.pair_id}`, model: 'base' },
      );
    const sources = sourcesOf([...against('a'), ...against('b')]);
    expect(sources.map(({ model, baseline }) => [model, baseline.model])).toEqual([
      ['a', 'base'],
      ['b', 'base'],
    ]);
    expect(sources.map(({ requests }) => requests.length)).toEqual([4, 4]);
  });

  test('half a pair is none', () => {
    expect(sourcesOf(pairedRecords(2, 0.1).slice(0, 3))[0]?.pairs).toHaveLength(1);
  });
});

describe('a plain run', () => {
  test('with repeats gives two requests of one case at a time, each request once', () => {
    const { source, pairs } = onlySource(repeats(10, 3));
    // A third request of a case has no partner.
    expect([source, pairs.length]).toEqual(['neighbours', 15]);
    const more = onlySource(repeats(12, 3));
    expect([more.source, more.pairs.length]).toEqual(['repeats', 12]);
    for (const { candidate, baseline } of more.pairs) {
      expect(candidate.case_id).toBe(baseline.case_id);
    }
  });

  test('without gives neighbours in time', () => {
    const { source, pairs } = onlySource(repeats(40, 1).reverse());
    expect(source).toBe('neighbours');
    expect(pairs.map(({ baseline }) => baseline.case_id).slice(0, 3)).toEqual(['c0', 'c2', 'c4']);
  });

  test('failures stay, what never ended is left out, and so is warm-up', () => {
    const { requests } = onlySource([
      aRecord(),
      aFailure(),
      aRecord({ phase: 'warmup' }),
      aFailure({ outcome: 'cancelled' }),
      aFailure({ outcome: 'lost' }),
    ]);
    expect(requests.map(({ outcome }) => outcome)).toEqual(['ok', 'server_5xx']);
  });
});
