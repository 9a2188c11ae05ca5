import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { toStored } from '../../src/check/stored.ts';
import { DEFAULT_GATE } from '../../src/gate/settings.ts';
import { parseThreshold, type Threshold } from '../../src/gate/thresholds.ts';
import { nights, type RunShape } from '../gate/history/histories.ts';
import { aPlannedRow } from '../metrics/fixtures.ts';
import { RESUMED } from '../report/fixtures.ts';
import { aFolder, type CliResult, runCli } from './run-cli.ts';
import { aPlan, nightName, writeRun } from './stored-runs.ts';

const NIGHTS = 12;
const all = Array.from({ length: NIGHTS }, (_, night) => nightName(night));

let cwd: string;
beforeAll(async () => {
  cwd = await aFolder();
  for (const [night, shape] of nights(NIGHTS).entries()) {
    await writeRun(path.join(cwd, 'results'), night, shape);
  }
  const added = await tokentape(cwd, 'baseline', 'add', ...all);
  expect(added).toMatchObject({ code: 0, stdout: '' });
});

function tokentape(folder: string, ...args: string[]): Promise<CliResult> {
  return runCli(args, { cwd: folder });
}

/** A folder with the same runs and baselines. */
async function aCopy(): Promise<string> {
  const folder = await aFolder();
  await cp(cwd, folder, { recursive: true });
  return folder;
}

describe('baseline add', () => {
  test('writes a file per run, says where, and when verdicts begin to count', async () => {
    const folder = await aCopy();
    await rm(path.join(folder, 'baselines'), { recursive: true });
    const first = await tokentape(folder, 'baseline', 'add', nightName(0), nightName(1));
    expect(first.stderr.split('\n')).toEqual([
      `Written: baselines/${nightName(0)}.json`,
      `Written: baselines/${nightName(1)}.json`,
      "2 runs of this plan in baselines: 8 more before a check's verdict counts",
      '',
    ]);
    const rest = await tokentape(folder, 'baseline', 'add', ...all);
    expect(rest.stderr).toContain(`Written: baselines/${nightName(0)}.json (it was there already)`);
    expect(rest.stderr).toContain(
      '12 runs of this plan in baselines: a check may be judged by them',
    );
    expect((await readdir(path.join(folder, 'baselines'))).sort()).toEqual(
      all.map((name) => `${name}.json`),
    );
  });

  test('takes a run that was resumed, and reminds of it', async () => {
    const folder = await aCopy();
    const night = await writeRun(path.join(folder, 'results'), NIGHTS, nights(1)[0] as RunShape, {
      manifest: RESUMED,
    });
    const { code, stderr } = await tokentape(folder, 'baseline', 'add', night);
    expect(code).toBe(0);
    expect(stderr).toContain(`Mind that ${night} was resumed on 2026-01-02 at 04:05 UTC.`);
  });

  test('its file is small, has a line per row, and nothing that was said', async () => {
    const text = await readFile(path.join(cwd, 'baselines', `${nightName(0)}.json`), 'utf8');
    expect(text.length).toBeLessThan(5000);
    expect(text).not.toContain('Forty-two');
    expect(text).not.toContain(cwd);
    const rows = text
      .split('\n')
      .filter((line) => line.startsWith('  {"target":"market","model":'));
    expect(rows.filter((line) => line.includes('"estimates"'))).toHaveLength(1);
  });

  const OTHER_PLANS: [string, Parameters<typeof aPlan>[0], string][] = [
    ['concurrency', { load: { ...aPlan().load, concurrency: 16 } }, 'concurrency 8 → 16'],
    [
      'a suite',
      { suites: [{ name: 'reasoning', hash: 'b'.repeat(64) }] },
      'suite reasoning changed: hash aaaaaaaa → bbbbbbbb',
    ],
    [
      'a parameter',
      { models: [{ target: 'market', model: 'DeepSeek-R1', parameters: { temperature: 0.2 } }] },
      'DeepSeek-R1: temperature 0.6 → 0.2',
    ],
  ];
  test.each(OTHER_PLANS)('refuses another %s, and names it', async (_, plan, difference) => {
    const folder = await aCopy();
    const run = await writeRun(
      path.join(folder, 'results'),
      20,
      { seed: 'x' },
      { plan: aPlan(plan) },
    );
    const { code, stderr } = await tokentape(folder, 'baseline', 'add', run);
    expect(code).toBe(2);
    expect(stderr).toContain(`${run} is not of the history in baselines: ${difference}\n`);
    expect(stderr).toContain('--new-history');
    expect(await readdir(path.join(folder, 'baselines'))).toHaveLength(NIGHTS);

    expect(await tokentape(folder, 'baseline', 'add', run, '--new-history')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('1 run of this plan in baselines: 9 more'),
    });
    const more = await writeRun(path.join(folder, 'results'), 12, { seed: 'y' });
    expect((await tokentape(folder, 'baseline', 'add', more)).code).toBe(0);
  });

  test('refuses other definitions, and simulated runs beside real ones whatever is asked', async () => {
    const folder = await aCopy();
    const results = path.join(folder, 'results');
    const newer = await writeRun(results, 20, { seed: 'x' }, { manifest: { metrics_version: 2 } });
    const other = await tokentape(folder, 'baseline', 'add', newer);
    expect(other.stderr).toContain('metric definitions 1 → 2');
    expect(other.stderr).toContain('tokentape recompute');
    const simulated = await writeRun(results, 21, { seed: 'x' }, { manifest: { simulated: true } });
    const refused = await tokentape(folder, 'baseline', 'add', simulated, '--new-history');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('is simulated');
    expect(refused.stderr).toContain('--dir baselines-simulated');
  });

  test('refuses what is partial or invalid, and then writes none of the others', async () => {
    const folder = await aCopy();
    const results = path.join(folder, 'results');
    const fine = await writeRun(results, 20, { seed: 'x' });
    const partial = await writeRun(
      results,
      21,
      { seed: 'x' },
      {
        manifest: { state: 'partial', interrupted: 'stopped by SIGINT' },
      },
    );
    const invalid = await writeRun(
      results,
      22,
      { seed: 'x' },
      {
        manifest: { validity: { verdict: 'invalid', reasons: ['the client was late'] } },
      },
    );
    const { code, stderr } = await tokentape(folder, 'baseline', 'add', fine, partial, invalid);
    expect(code).toBe(3);
    expect(stderr).toContain(`${partial} cannot be a baseline: it is partial: stopped by SIGINT`);
    expect(stderr).toContain(`${invalid} cannot be a baseline: it is invalid: the client was late`);
    expect(await readdir(path.join(folder, 'baselines'))).toHaveLength(NIGHTS);
  });

  test('refuses checks that grew, and what a budget cut short', async () => {
    const folder = await aCopy();
    const results = path.join(folder, 'results');
    const design = { comparisons: [], thresholds: [parseThreshold('error_rate<1%') as Threshold] };
    const check = toStored({ ...design, settings: DEFAULT_GATE, graded: {} });
    const grown = await writeRun(results, 20, { seed: 'x' }, { manifest: { check } });
    const planned = [
      aPlannedRow({ planned: 200, skipped_reason: 'the budget (max cost) was spent' }),
    ];
    const short = await writeRun(results, 21, { seed: 'x' }, { manifest: { planned } });
    const { code, stderr } = await tokentape(folder, 'baseline', 'add', grown, short);
    expect(code).toBe(2);
    expect(stderr).toContain(`${grown} cannot be a baseline: it is a check of limits, which sends`);
    expect(stderr).toContain(
      `${short} cannot be a baseline: it was cut short: DeepSeek-R1, reasoning: the budget (max cost)`,
    );
  });
});

describe('baseline add of a manifest that somebody wrote', () => {
  const WRONG: [string, Record<string, unknown>, RegExp][] = [
    ['a name that leads elsewhere', { run_id: '../evil' }, /run_id: must be the name of a run$/m],
    ['another hash', { plan_hash: 'b'.repeat(64) }, /plan_hash: it is not that of the plan below/],
  ];
  test.each(WRONG)('with %s writes nothing anywhere', async (_, manifest, message) => {
    const folder = await aCopy();
    const results = path.join(folder, 'results');
    const fine = await writeRun(results, 19, { seed: 'x' });
    const wrong = await writeRun(results, 20, { seed: 'x' });
    const file = path.join(results, wrong, 'manifest.json');
    const written = { ...JSON.parse(await readFile(file, 'utf8')), ...manifest };
    await writeFile(file, JSON.stringify(written));
    const before = (await readdir(folder)).sort();
    const { code, stderr } = await tokentape(folder, 'baseline', 'add', fine, wrong);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
    expect(stderr).toContain('cannot be a baseline: its file could not be read back');
    expect((await readdir(folder)).sort()).toEqual(before);
    expect(await readdir(path.join(folder, 'baselines'))).toHaveLength(NIGHTS);
  });
});

describe('baseline list', () => {
  test('shows the runs in the order of time with their figures', async () => {
    const { code, stdout } = await tokentape(cwd, 'baseline', 'list');
    expect(code).toBe(0);
    const shown = stdout.split('\n').filter((line) => line.startsWith('2026'));
    expect(shown.map((line) => line.split(' ')[0])).toEqual(all);
    expect(shown[0]).toMatch(/100\/100 +0 +(39|40)\d +(19|20)\.\d/);
    expect(stdout).not.toContain('here');
  });

  test('tells where a level changed, in text and as JSON', async () => {
    const folder = await aCopy();
    const runs: string[] = [];
    for (const [index, shape] of nights(5, { slower: 1.15 }, 'slow').entries()) {
      runs.push(await writeRun(path.join(folder, 'results'), NIGHTS + index, shape));
    }
    const added = await tokentape(folder, 'baseline', 'add', ...runs, '-q');
    expect(added).toEqual({ code: 0, stdout: '', stderr: '' });
    const { stdout } = await tokentape(folder, 'baseline', 'list');
    const here = stdout.split('\n').filter((line) => line.includes('here'));
    expect(here).toHaveLength(1);
    expect(here[0]).toMatch(new RegExp(`^${nightName(NIGHTS)}.*↑ \\+1[4-6] % here`));
    expect(stdout).toMatch(
      /↑ \+1[4-6] %, DeepSeek-R1 · reasoning · ttft_ms:p\(50\): (39|40)\d → 4\d\d/,
    );
    const { histories } = JSON.parse(
      (await tokentape(folder, 'baseline', 'list', '--json')).stdout,
    );
    expect(histories).toHaveLength(1);
    const metrics = histories[0].changes.map((change: { metric: string }) => change.metric).sort();
    expect(metrics).toEqual(['tpot_ms:p(50)', 'ttft_ms:p(50)']);
    expect(histories[0].changes[0]).toMatchObject({ run_id: nightName(NIGHTS), scale: 'ratio' });
  });

  test('of an empty or missing folder, or an unknown model, says what to do', async () => {
    const empty = await tokentape(cwd, 'baseline', 'list', '--dir', 'elsewhere');
    expect(empty).toMatchObject({ code: 2, stdout: '' });
    expect(empty.stderr).toContain('no baselines are in elsewhere');
    expect(empty.stderr).toContain('tokentape baseline add');
    const unknown = await tokentape(cwd, 'baseline', 'list', '-m', 'DeepSeek-R2');
    expect(unknown.stderr).toContain('did you mean DeepSeek-R1?');
  });
});

describe('baseline show', () => {
  test('shows one run in full, by name, beginning or latest', async () => {
    const byName = await tokentape(cwd, 'baseline', 'show', nightName(11));
    expect(byName.stdout).toContain('concurrency 8, parallel');
    expect(byName.stdout).toContain('DeepSeek-R1');
    expect((await tokentape(cwd, 'baseline', 'show', 'latest')).stdout).toBe(byName.stdout);
    expect((await tokentape(cwd, 'baseline', 'show', '20260112')).stdout).toBe(byName.stdout);
    const json = JSON.parse((await tokentape(cwd, 'baseline', 'show', 'latest', '--json')).stdout);
    expect(json).toMatchObject({ run_id: nightName(11), rows: [{ model: 'DeepSeek-R1' }] });
    expect(json.rows[0].samples.ttft_ms.values).toHaveLength(100);
  });

  test('refuses what is unknown or may be several', async () => {
    const several = await tokentape(cwd, 'baseline', 'show', '202601');
    expect(several.stderr).toContain('12 runs in baselines begin with 202601');
    expect((await tokentape(cwd, 'baseline', 'show', 'nothing')).code).toBe(2);
  });
});

describe('baseline prune', () => {
  test('--dry-run names what would go, and nothing goes', async () => {
    const folder = await aCopy();
    const { stdout, stderr } = await tokentape(
      folder,
      'baseline',
      'prune',
      '--keep',
      '10',
      '--dry-run',
    );
    expect(stdout.split('\n')).toEqual([
      `Would remove baselines/${nightName(0)}.json: behind the newest 10`,
      `Would remove baselines/${nightName(1)}.json: behind the newest 10`,
      '',
    ]);
    expect(stderr).toBe('Would remove 2 of 12 runs in baselines\n');
    expect(await readdir(path.join(folder, 'baselines'))).toHaveLength(12);
  });

  test('--before and --keep and --other-plans take files away', async () => {
    const folder = await aCopy();
    await tokentape(folder, 'baseline', 'prune', '--before', '2026-01-03');
    expect(await readdir(path.join(folder, 'baselines'))).toHaveLength(10);
    const load = { ...aPlan().load, concurrency: 16 };
    const run = await writeRun(
      path.join(folder, 'results'),
      20,
      { seed: 'x' },
      { plan: aPlan({ load }) },
    );
    await tokentape(folder, 'baseline', 'add', run, '--new-history');
    const { stdout } = await tokentape(folder, 'baseline', 'prune', '--other-plans');
    expect(stdout).toContain('of another plan: concurrency 16 → 8');
    expect(await readdir(path.join(folder, 'baselines'))).toEqual([`${run}.json`]);
  });

  test('refuses to guess', async () => {
    for (const [args, said] of [
      [[], '--keep N, --before DATE or --other-plans'],
      [['--keep', '0'], '--keep'],
      [['--before', 'yesterday'], 'write it as 2026-01-31'],
    ] as const) {
      const { code, stderr } = await tokentape(cwd, 'baseline', 'prune', ...args);
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(said) });
    }
  });
});

describe('a history of runs, judged by check', () => {
  interface Judged {
    code: number | null;
    verdict: string;
    findings: { metric: string; verdict: string; advisory: boolean; why: string }[];
  }
  async function check(folder: string, run: string, ...sources: string[]): Promise<Judged> {
    const args = ['check', run, '--baseline', ...sources, '--json', '--no-ci-output'];
    const { code, stdout, stderr } = await tokentape(folder, ...args);
    expect(stderr).not.toContain('should not have happened');
    return { code, ...JSON.parse(stdout) };
  }

  test('a step of 15 % in the last run fails, without it the last run passes', async () => {
    const folder = await aCopy();
    await rm(path.join(folder, 'baselines', `${nightName(11)}.json`));
    const same = await check(folder, nightName(11), 'baselines');
    expect(same).toMatchObject({ code: 0, verdict: 'pass' });
    await writeRun(path.join(folder, 'results'), 11, { seed: 'slow', slower: 1.15 });
    const slower = await check(folder, nightName(11), 'baselines');
    expect(slower).toMatchObject({ code: 99, verdict: 'fail' });
    expect(slower.findings.map(({ metric, verdict }) => `${metric} ${verdict}`)).toEqual([
      'ttft_ms:p(50) fail',
      'tpot_ms:p(50) fail',
      'error_rate pass',
    ]);
    expect(slower.findings[0]?.why).toMatch(/^1[45]\.\d % higher than the last 11 runs/);
  });

  test('of three runs it is advice: inconclusive, and how many are missing', async () => {
    const few = await check(cwd, nightName(11), ...[0, 1, 2].map(nightName));
    expect(few.findings).toHaveLength(3);
    for (const { verdict, advisory } of few.findings) {
      expect({ verdict, advisory }).toEqual({ verdict: 'inconclusive', advisory: true });
    }
    expect(few.findings[0]?.why).toContain('only 3 runs of 10: 7 more are missing');
  });
});
