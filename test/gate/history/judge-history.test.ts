import { describe, expect, test } from 'vitest';
import { judgeHistory } from '../../../src/gate/history/judge-history.ts';
import { DEFAULT_GATE } from '../../../src/gate/settings.ts';
import type { Finding } from '../../../src/gate/types.ts';
import { aHistory, aRunsEvidence, nights, type RunShape } from './histories.ts';

const TESTS = 3;

function judged(history: Omit<RunShape, never>[], run: Omit<RunShape, 'seed'>): Finding[] {
  const evidence = aRunsEvidence({ ...run, seed: 'judged' });
  return judgeHistory(evidence, aHistory(history), DEFAULT_GATE, TESTS);
}

const brief = (findings: Finding[]) =>
  findings.map(
    ({ metric, verdict, advisory }) => `${metric} ${verdict}${advisory ? ', advisory' : ''}`,
  );

test('show', () => {
  const show = (f: Finding[]) =>
    f
      .map(
        (x) =>
          `${x.metric} ${x.verdict} ${x.advisory} | ${x.why} | ${x.next} | ${JSON.stringify(x.change)} ${JSON.stringify(x.baseline)} ${x.against}`,
      )
      .join('\n');
  for (const [name, h, r] of [
    ['12 pass', nights(12), {}],
    ['12 fail', nights(12), { slower: 1.15, failed: 20 }],
    ['3', nights(3), { slower: 1.15 }],
    ['1', nights(1), { slower: 1.15 }],
    ['0', [], { slower: 1.15 }],
    ['step', [...nights(10), ...nights(5, { slower: 1.15 }, 'b')], { slower: 1.15 }],
    ['step2', [...nights(14), ...nights(3, { slower: 1.15 }, 'b')], { slower: 1.15 }],
    [
      'outlier',
      [...nights(6), { slower: 1.5, seed: 'x' }, ...nights(6, {}, 'b')],
      { slower: 1.07 },
    ],
    [
      'noisy',
      Array.from({ length: 12 }, (_, i) => ({ slower: 1 + 0.08 * (i % 3), seed: `n${i}` })),
      { slower: 1.07 },
    ],
    ['few', nights(12), { requests: 5 }],
    ['quarter', nights(12), { requests: 25, slower: 1.05 }],
  ] as [string, RunShape[], RunShape][])
    console.log(`== ${name}\n${show(judged(h, r))}`);
  expect(brief([])).toEqual([]);
});
describe('x', () => {});
