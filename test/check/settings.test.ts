import { describe, expect, test } from 'vitest';
import { resolveWishes } from '../../src/check/settings.ts';
import type { GateFlags } from '../../src/config/gate-flags.ts';
import { loadConfig } from '../../src/config/load.ts';
import { DEFAULT_GATE } from '../../src/gate/settings.ts';
import { aFolder } from '../commands/run-cli.ts';

async function wishesOf(flags: GateFlags, gate = '', env: Record<string, string> = {}) {
  const cwd = await aFolder({ 'bench.config.yaml': gate === '' ? '{}' : `gate: ${gate}` });
  const loaded = loadConfig({ cwd, env });
  const { wishes, problems } = resolveWishes(loaded, flags);
  const told = [...loaded.problems, ...problems].map(({ file, line, message }) =>
    line > 0 ? `${file}:${line} ${message}` : `${file} ${message}`,
  );
  return { wishes, told };
}

describe('what a check is asked', () => {
  test('is what is built in where nobody says more', async () => {
    const { wishes, told } = await wishesOf({});
    expect(told).toEqual([]);
    expect(wishes).toEqual({
      settings: DEFAULT_GATE,
      thresholds: [],
      against: null,
      baseline: [],
      maxDurationMs: null,
      reports: [],
    });
  });

  test('comes from the flag, else the variable, else the config', async () => {
    const gate = '{ pass_below: 20%, alpha: 0.05, against: production, max_duration: 5m }';
    const env = { TOKENTAPE_PASS_BELOW: '30%', TOKENTAPE_ALPHA: '0.02' };
    const { wishes, told } = await wishesOf({ alpha: '0.03' }, gate, env);
    expect(told).toEqual([]);
    expect(wishes.settings).toMatchObject({
      alpha: 0.03,
      median: { failFrom: 0.05, passBelow: 0.3 },
    });
    expect([wishes.against, wishes.maxDurationMs]).toEqual(['production', 300_000]);
  });

  test.each([
    [
      '--baseline in place of gate.against',
      { baseline: ['runs'] },
      '{ against: x }',
      null,
      ['runs'],
    ],
    ['--against in place of gate.baseline', { against: 'y' }, '{ baseline: runs }', 'y', []],
    ['gate.baseline, one or several', {}, '{ baseline: [a, b] }', null, ['a', 'b']],
  ] as const)('holds the run against %s', async (_, flags, gate, against, baseline) => {
    const { wishes, told } = await wishesOf(flags, gate);
    expect({ told, against: wishes.against, baseline: wishes.baseline }).toEqual({
      told: [],
      against,
      baseline,
    });
  });

  test('by a flag, whatever variables would hold it against', async () => {
    const env = { TOKENTAPE_AGAINST: 'x', TOKENTAPE_BASELINE: 'y' };
    const byBaseline = await wishesOf({ baseline: ['runs'] }, '', env);
    expect(byBaseline).toMatchObject({ told: [], wishes: { against: null, baseline: ['runs'] } });
    const byAgainst = await wishesOf({ against: 'z' }, '', env);
    expect(byAgainst).toMatchObject({ told: [], wishes: { against: 'z', baseline: [] } });
    const { told } = await wishesOf({}, '', env);
    expect(told).toEqual(['TOKENTAPE_AGAINST cannot go with TOKENTAPE_BASELINE']);
  });

  test('of a stored check, its looks stay as they were', async () => {
    const cwd = await aFolder({ 'bench.config.yaml': '{}' });
    const loaded = loadConfig({ cwd, env: { TOKENTAPE_PAIRS: '8', TOKENTAPE_ALPHA: '0.1' } });
    const { wishes } = resolveWishes(loaded, {}, DEFAULT_GATE);
    expect(wishes.settings).toEqual({ ...DEFAULT_GATE, alpha: 0.1 });
  });

  test.each([
    ['400', [100, 200, 400]],
    ['32', [8, 16, 32]],
    ['10', [3, 5, 10]],
    ['9', [3, 5, 9]],
  ])('looks at a quarter, a half and all of %s pairs', async (pairs, looks) => {
    const { wishes } = await wishesOf({ pairs });
    expect(wishes.settings).toMatchObject({ looks, tailLooks: [Number(pairs)] });
  });

  test('reads metrics, each once', async () => {
    const { wishes } = await wishesOf({ metric: ['ttft_ms', 'ttft_ms:med', 'e2e_ms:p(95)'] });
    expect(wishes.settings.metrics.map(({ text }) => text)).toEqual([
      'ttft_ms:p(50)',
      'e2e_ms:p(95)',
    ]);
  });

  test.each<[string, GateFlags, string, RegExp]>([
    ['two arms', { against: 'x', baseline: ['y'] }, '', /^--against cannot go with --baseline/],
    [
      'both in the config',
      {},
      '{ against: x, baseline: y }',
      /^bench.config.yaml:1 cannot go with/,
    ],
    [
      'a tail that passes and fails',
      {},
      '{ tail: { pass_below: 10% } }',
      /^bench.config.yaml:1 what passes \(pass_below, 0.1\) must be no smaller than .* 0.125\)/,
    ],
    [
      'an error rate that passes and fails',
      {},
      '{ error_rate: { fail_from: 20% } }',
      /^bench.config.yaml:1 what passes/,
    ],
    ['an unknown metric', { metric: ['tfft_ms'] }, '', /^--metric unknown metric 'tfft_ms'/],
    ['a metric of the config', {}, '{ metrics: [nope] }', /^bench.config.yaml:1 unknown metric/],
    [
      'a tail out of reach',
      { metric: ['ttft_ms:p(99)'] },
      '',
      /^--metric ttft_ms:p\(99\) is too far/,
    ],
    ['a bare percentage', { failFrom: '5' }, '', /^--fail-from must be a change over 0, as 5%/],
    ['the same in the config', {}, '{ fail_from: 5 }', /^bench.config.yaml:1 must be a change/],
    ['a change that passes and fails', { failFrom: '20%' }, '', /^--pass-below must be no smaller/],
    ['too few pairs', { pairs: '7' }, '', /^--pairs must be a whole number, 8/],
    ['an alpha of a half', { alpha: '0.5' }, '', /^--alpha must be a share over 0 and up to 0.2/],
    ['no threshold', { threshold: ['ttft_ms'] }, '', /^--threshold 'ttft_ms' is not a threshold/],
    ['no duration', { maxDuration: '10' }, '', /^--max-duration must be a duration/],
  ])('refuses %s', async (_, flags, gate, message) => {
    const { told } = await wishesOf(flags, gate);
    expect(told).toEqual([expect.stringMatching(message)]);
  });
});
