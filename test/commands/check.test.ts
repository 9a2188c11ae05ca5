import { describe, expect, test } from 'vitest';
import type { CheckResult } from '../../src/gate/types.ts';
import {
  check,
  ENV,
  folderFor,
  pairsOf,
  QWEN,
  readRun,
  SENT,
  simulate,
  simulators,
} from './checking.ts';
import { runCli, startCli } from './run-cli.ts';

describe('a check against a second arm', () => {
  test('passes a model that is held against itself, and says so in its folder', async () => {
    const cwd = await folderFor({ market: await simulate(30) });
    const { code, result, verdicts } = await check(cwd, ...SENT, '--against', 'qwen');
    expect({ code, verdicts }).toEqual({
      code: 0,
      verdicts: [
        ['ttft_ms:p(50)', 'pass'],
        ['error_rate', 'pass'],
      ],
    });
    const { manifest, records, texts } = await readRun(cwd);
    expect(JSON.parse(texts['check.json'] ?? '')).toEqual(result);
    expect(manifest).toMatchObject({ state: 'complete', interrupted: null });
    expect(manifest.check?.comparisons).toEqual([
      {
        suite: 'tiny',
        candidate: { target: 'market', model: QWEN, label: 'qwen' },
        baseline: { target: 'market', model: QWEN, label: 'qwen' },
      },
    ]);
    for (const pair of pairsOf(records)) {
      expect(new Set(pair.map(({ case_id }) => case_id)).size).toBe(1);
      expect(
        pair
          .map(({ arm }) => arm)
          .sort()
          .join(),
      ).toMatch(/^baseline(,candidate)?$|^candidate$/);
    }
  });

  test('fails a slower target early, with every pair that it looked at whole', async () => {
    const targets = { staging: await simulate(200), market: await simulate(40) };
    const cwd = await folderFor(targets);
    const slow = [...SENT, '--pairs', '64', '-t', 'staging', '--against', 'market'];
    const { code, result } = await check(cwd, ...slow);
    const [ttft] = result.findings;
    expect(code).toBe(99);
    expect(ttft).toMatchObject({ verdict: 'fail', target: 'staging', against: 'qwen at market' });
    expect(ttft?.change?.low).toBeGreaterThan(0);
    expect(ttft?.samples.count).toBeLessThanOrEqual(32);
    expect(result.requests).toMatchObject({ planned: 128, ok: result.requests.sent });
    expect(result.requests.sent).toBeLessThan(128);
    const { records, manifest } = await readRun(cwd);
    const whole = pairsOf(records).filter((pair) => pair.length === 2);
    expect(whole.length).toBeGreaterThanOrEqual(ttft?.samples.count ?? 64);
    expect(manifest.planned.map(({ target }) => target)).toEqual(['staging', 'market']);
    for (const { skipped_reason } of manifest.planned) {
      expect(skipped_reason).toBe('the verdict was reached');
    }
  });

  test('is judged again to the same findings, and derived again to the same bytes', async () => {
    const targets = { staging: await simulate(200), market: await simulate(40) };
    const cwd = await folderFor(targets);
    const sent = await check(cwd, ...SENT, '-t', 'staging', '--against', 'market/qwen');
    const again = await check(cwd, 'latest');
    expect(again).toEqual(sent);
    const { texts } = await readRun(cwd);
    const { code } = await runCli(['recompute', 'latest'], { cwd, env: ENV });
    expect(code).toBe(0);
    const { texts: derived } = await readRun(cwd);
    for (const name of ['requests.ndjson', 'requests.csv', 'summary.json', 'summary.csv']) {
      expect(derived[name]).toBe(texts[name]);
    }
    expect(texts['requests.csv']?.split('\n')[0]).toContain('pair_id,arm');
  });

  test('judges limits on the candidate alone', async () => {
    const faults = [{ fault: '429' as const }];
    const targets = { staging: await simulate(30), market: await simulate(30, { faults }) };
    const cwd = await folderFor(targets);
    const against = ['-t', 'staging', '--against', 'market', '--metric', 'error_rate'];
    const { result } = await check(cwd, ...SENT, ...against, '--threshold', 'error_rate<60%');
    expect(result.findings.map(({ form, verdict }) => [form, verdict])).toEqual([
      ['paired', 'pass'],
      ['threshold', 'pass'],
    ]);
  });

  test('ended by its budget, it looks once more, and is complete but undecided', async () => {
    const cwd = await folderFor({ market: await simulate(30) });
    const { code, result } = await check(cwd, ...SENT, '--against', 'qwen', '--max-cost', '1');
    expect(code).toBe(4);
    expect(result.requests.sent).toBeLessThan(64);
    expect(result.remarks.join()).toContain('the budget (max cost) was spent');
    const { manifest } = await readRun(cwd);
    expect(manifest.state).toBe('complete');
    const again = await check(cwd, 'latest');
    expect(again.result).toEqual(result);
  });

  test('of which an arm is refused names the refusal, and asks for no more pairs', async () => {
    const cwd = await folderFor({ market: await simulate(10, { keys: { 'sk-test': [QWEN] } }) });
    const { code, result } = await check(cwd, ...SENT, '--against', 'guard');
    expect(code).toBe(4);
    expect(result.findings).toHaveLength(2);
    for (const { why, next } of result.findings) {
      expect(why).toMatch(/^guard could not be asked: not subscribed \(/);
      expect(next).toBe('see that the key opens guard, or name another model');
    }
    expect((await check(cwd, 'latest')).result.findings).toEqual(result.findings);
  });

  test('keeps comparisons in lanes of their own, though asked to mix all models', async () => {
    const cwd = await folderFor({ market: await simulate(10) });
    const { code } = await check(cwd, ...SENT, '--against', 'qwen', '--order', 'interleaved');
    expect(code).toBe(0);
    const { manifest } = await readRun(cwd);
    expect(manifest.plan_parts?.load.order).toBe('parallel');
    expect(manifest.config).toMatchObject({ settings: { order: 'parallel' } });
  });

  test('pairs the turns of conversations, and goes on where one breaks off', async () => {
    const faults = [{ fault: 'truncated' as const, nth: 3 }];
    const cwd = await folderFor({ market: await simulate(20, { faults }) });
    const talk = ['-s', './talk.yaml', '-m', 'qwen', '--pairs', '16', '--against', 'qwen'];
    const { result } = await check(cwd, ...talk, '--metric', 'error_rate', '--seed', '1');
    const { records } = await readRun(cwd);
    const whole = pairsOf(records).filter((pair) => pair.length === 2);
    for (const [one, other] of whole) expect(one?.turn).toBe(other?.turn);
    expect(records.filter(({ outcome }) => outcome !== 'ok')).toHaveLength(1);
    const [errors] = result.findings;
    expect(errors?.looks.taken).toBe(3);
    expect(errors?.samples.count).toBe(whole.length);
    expect((await check(cwd, 'latest')).result).toEqual(result);
  });
});

describe('a check of limits', () => {
  const limit = (text: string, ...more: string[]) => [
    ...['-s', './tiny.yaml', '--seed', '1', '-m', 'qwen', '-n', '20', '--threshold', text, ...more],
  ];

  test('sends no more than it takes', async () => {
    const cwd = await folderFor({ market: await simulate(60) });
    const { code, result } = await check(cwd, ...limit('error_rate<60%', 'cost_usd<$9', '-j', '2'));
    expect(result.findings[0]?.looks).toEqual({ taken: 1, planned: 3 });
    // Of all that was sent, and not of the quarter that decided.
    const cost = result.findings[1];
    expect(cost).toMatchObject({ metric: 'cost_usd', samples: { count: result.requests.sent } });
    expect(cost?.value.value).toBeCloseTo(result.cost_usd ?? 0, 9);
    expect([code, cost?.verdict]).toEqual([0, 'pass']);
    expect(result.requests.planned).toBe(80);
    expect(result.requests.sent).toBeLessThan(80);
    const again = await check(cwd, 'latest');
    expect(again.result).toEqual(result);
  });

  test('grows the sample while a limit is within the bounds', async () => {
    const cwd = await folderFor({ market: await simulate(10) });
    const { code, result } = await check(cwd, ...limit('error_rate<10%'));
    expect(result.findings[0]).toMatchObject({
      verdict: 'pass',
      looks: { taken: 3, planned: 3 },
      samples: { count: 80, of: 'requests' },
    });
    expect(code).toBe(0);
  });

  test('fails one that is surely broken', async () => {
    const faults = [{ fault: '429' as const, share: 0.5 }];
    const cwd = await folderFor({ market: await simulate(10, { faults }) });
    const { code, result } = await check(cwd, ...limit('error_rate<1%'));
    expect([code, result.verdict]).toEqual([99, 'fail']);
  });

  test('where every request fails, nothing was there to be judged', async () => {
    const cwd = await folderFor({ market: await simulate(10, { faults: [{ fault: '500' }] }) });
    const { code } = await check(cwd, ...limit('error_rate<1%'));
    expect(code).toBe(69);
  });

  test('asks no model that no limit means', async () => {
    const cwd = await folderFor({ market: await simulate(10) });
    const sent = ['-s', './tiny.yaml', '-m', 'qwen,guard', '-n', '20', '--warmup', '2'];
    const { code } = await check(cwd, ...sent, '--threshold', 'error_rate{model:qwen}<60%');
    expect(code).toBe(0);
    const { manifest } = await readRun(cwd);
    expect(manifest.planned.map(({ model, planned }) => [model, planned])).toEqual([[QWEN, 80]]);
    expect(Object.keys(simulators[0]?.stats().models ?? {})).toEqual([QWEN]);
    expect(manifest.plan_parts?.load.growth).toBe(4);
  });

  test('of what is not asked is refused, and nothing is sent', async () => {
    const cwd = await folderFor({ market: await simulate(10) });
    const args = limit('error_rate{model:qwem}<1%', '--threshold', 'error_rate<60%');
    for (const more of [[], ['--against', 'qwen']]) {
      const { code, stderr } = await runCli(['check', ...args, ...more], { cwd, env: ENV });
      expect(code).toBe(2);
      expect(stderr).toContain("'error_rate{model:qwem}<1%' means nothing that is to be judged");
      expect(stderr).toContain('did you mean qwen?');
    }
    expect(simulators[0]?.stats().requests).toBe(0);
  });
});

describe('a check that ends before its time', () => {
  test('because of a signal says what it found so far, and cannot be judged again', async () => {
    const market = await simulate(60);
    const cwd = await folderFor({ market });
    const args = ['check', '--json', ...SENT, '--pairs', '400', '--against', 'qwen', '-j', '2'];
    const { child, ended } = startCli(args, { cwd, env: ENV });
    const completions = () => simulators[0]?.stats().models[QWEN]?.completions ?? 0;
    while (completions() < 8) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    const result = JSON.parse(stdout) as CheckResult;
    expect(result.verdict).toBe('inconclusive');
    expect(result.findings[0]?.samples.count).toBeGreaterThan(0);
    expect(result.remarks.join()).toContain('the run was interrupted');
    const { texts } = await readRun(cwd);
    expect(JSON.parse(texts['check.json'] ?? '')).toEqual(result);
    const again = await check(cwd, 'latest');
    expect(again).toMatchObject({ code: 3, result: { verdict: 'invalid', findings: [] } });
    expect(again.result.invalid_reasons).toEqual(['it is partial: SIGINT']);
  });

  test('because of its time limit is complete', async () => {
    const cwd = await folderFor({ market: await simulate(60) });
    const limited = [...SENT, '--pairs', '4000', '--order', 'sequential', '--max-duration', '1s'];
    const { result } = await check(cwd, ...limited, '--against', 'qwen');
    expect(result.findings.map(({ looks }) => looks.taken)).toEqual([1, 1]);
    expect(result.requests.sent).toBeLessThan(result.requests.planned);
    expect(result.remarks.join()).toContain("the run's time was up");
    const { manifest, records } = await readRun(cwd);
    expect(manifest.state).toBe('complete');
    expect(new Set(records.map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
  });
});
