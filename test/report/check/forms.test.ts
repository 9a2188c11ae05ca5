import { describe, expect, test } from 'vitest';
import type { CheckResult, Finding } from '../../../src/gate/types.ts';
import { checkAnnotations } from '../../../src/report/check/annotations.ts';
import { checkBencher } from '../../../src/report/check/bencher.ts';
import { checkBenchmarkAction } from '../../../src/report/check/benchmark-action.ts';
import {
  checkJson,
  parseReportForm,
  parseReportForms,
  REPORT_FORMS,
  renderForm,
} from '../../../src/report/check/forms.ts';
import { checkGitlabQuality } from '../../../src/report/check/gitlab-quality.ts';
import {
  aFinding,
  aResult,
  history,
  hostile,
  invalid,
  limits,
  manyFindings,
  pairedFail,
  pairedPass,
  shortHistory,
} from './fixtures.ts';

const CONFIG = 'bench.config.yaml';
const results = {
  'paired-fail': pairedFail,
  limits,
  history,
  'short-history': shortHistory,
  invalid,
};
const readable: typeof REPORT_FORMS = ['text', 'md', 'annotations', 'junit', 'openmetrics'];

describe('golden', () => {
  test.each(
    Object.entries(results).flatMap(([name, result]) =>
      readable.map((form) => ({ name, result, form })),
    ),
  )('$name as $form', async ({ name, result, form }) => {
    const text = renderForm(form, result, CONFIG);
    await expect(text).toMatchFileSnapshot(`golden/forms/${name}.${form}.txt`);
  });
});

describe('whatever is in it', () => {
  const all = [...Object.values(results), hostile, pairedPass, manyFindings(() => 'fail')];

  test.each(REPORT_FORMS)('%s has no character that acts, and is the same each time', (form) => {
    for (const result of all) {
      const text = renderForm(form, result, CONFIG);
      // JSON escapes what is below a blank itself; no writer may leave anything else.
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u);
      if (form !== 'json') expect(text).not.toMatch(/[\u202e\u2066-\u2069]/);
      expect(renderForm(form, structuredClone(result), CONFIG)).toBe(text);
    }
  });

  test('JSON is the result itself', () => {
    for (const result of all) expect(JSON.parse(checkJson(result))).toEqual(result);
  });

  test.each(REPORT_FORMS)('%s takes a check without findings', (form) => {
    const text = renderForm(
      form,
      aResult({ findings: [], cost_usd: null, duration_ms: null }),
      CONFIG,
    );
    expect(text).not.toMatch(/undefined|NaN|null ms/);
  });
});

describe('text', () => {
  test('a line per finding that begins with its verdict', () => {
    const lines = renderForm('text', limits, CONFIG).split('\n');
    expect(lines.filter((line) => line.startsWith('FAIL: DeepSeek-R1 · chat:'))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('inconclusive: '))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('pass: '))).toHaveLength(4);
  });

  test('of an invalid run nothing passes or fails', () => {
    const text = renderForm('text', invalid, CONFIG);
    expect(text).not.toMatch(/^(pass|FAIL|inconclusive): /m);
    expect(text).toMatch(/^unjudged: /m);
  });
});

describe('annotations', () => {
  /** As the runner reads a line. */
  function parse(line: string) {
    const [, level, properties = '', data = ''] = /^::(\w+) (.*?)::(.*)$/.exec(line) ?? [];
    const [name, value = ''] = properties.split(/=(.*)/s);
    const undo = (text: string) =>
      text
        .replaceAll('%0D', '\r')
        .replaceAll('%0A', '\n')
        .replaceAll('%3A', ':')
        .replaceAll('%2C', ',')
        .replaceAll('%25', '%');
    return {
      level,
      name,
      value: undo(value),
      message: undo(data),
      parts: properties.split(',').length,
    };
  }
  const parsed = (result: CheckResult) =>
    checkAnnotations(result).split('\n').filter(Boolean).map(parse);

  test('one error per model that failed, with what failed in each suite', () => {
    const one = aFinding({ verdict: 'fail', model: 'm', next: 'look' });
    const found = parsed(
      aResult({ verdict: 'fail', findings: [one, { ...one, suite: 'long' }, aFinding()] }),
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      level: 'error',
      name: 'title',
      value: 'tokentape: m is slower',
    });
    expect(found[0]?.message.split('\n')).toEqual([
      expect.stringMatching(/^chat: TTFT p50 184 → 186 ms, \+1\.1 %.*, against production$/),
      expect.stringMatching(/^long: TTFT p50/),
      'next: look',
    ]);
  });

  test.each([
    [1, 1],
    [10, 10],
    [11, 10],
    [40, 10],
  ])('of %d models that failed %d errors', (models, expected) => {
    const findings = Array.from({ length: models }, (_, index) =>
      aFinding({ verdict: 'fail', model: `m${index}` }),
    );
    const found = parsed(aResult({ verdict: 'fail', findings }));
    expect(found).toHaveLength(expected);
    if (models > 10) {
      expect(found[9]?.value).toBe(`tokentape: ${models - 9} more models failed`);
      expect(found[9]?.message).toContain(`m${models - 1}`);
    }
  });

  test('a warning for what is undecided, of a model that did not fail; one error where invalid', () => {
    const open = aFinding({ verdict: 'inconclusive', model: 'open' });
    const findings = [aFinding({ verdict: 'fail' }), aFinding({ verdict: 'inconclusive' }), open];
    const levels = (result: CheckResult) =>
      parsed(result).map(({ level, value }) => [level, value]);
    expect(levels(aResult({ verdict: 'fail', findings }))).toEqual([
      ['error', 'tokentape: DeepSeek-R1 is slower'],
      ['warning', 'tokentape: open is undecided'],
    ]);
    expect(levels(invalid)).toEqual([['error', 'tokentape: the check is invalid']]);
    expect(levels(pairedPass)).toEqual([]);
    expect(levels(shortHistory)).toEqual([]);
  });

  test('what a model is called stays within its property', () => {
    const [found, ...more] = parsed(hostile);
    expect(more).toEqual([]);
    expect(found?.parts).toBe(1);
    expect(found?.level).toBe('error');
    expect(checkAnnotations(hostile).trimEnd()).not.toContain('\n');
    expect(checkAnnotations(hostile)).not.toContain('##[');
  });
});

describe('GitLab Code Quality', () => {
  const entriesOf = (result: CheckResult, path = CONFIG) =>
    JSON.parse(checkGitlabQuality(result, path)) as {
      fingerprint: string;
      severity: string;
      location: { path: string };
    }[];

  test.each([
    [pairedFail, ['critical', 'minor']],
    [invalid, ['blocker']],
    [shortHistory, ['info']],
    [pairedPass, []],
  ])('severities', (result, expected) => {
    expect(entriesOf(result).map(({ severity }) => severity)).toEqual(expected);
  });

  test('a fingerprint is that of the finding, whatever its figures', () => {
    const prints = (overrides: object) =>
      entriesOf(
        aResult({ verdict: 'fail', findings: [aFinding({ verdict: 'fail', ...overrides })] }),
      ).map(({ fingerprint }) => fingerprint);
    const first = prints({});
    expect(prints({ samples: { count: 7, of: 'pairs' }, why: 'other' })).toEqual(first);
    const others = [
      { suite: 'x' },
      { model: 'x' },
      { target: 'x' },
      { metric: 'error_rate' },
      { against: 'x' },
      { form: 'history' },
      { verdict: 'inconclusive' },
    ];
    const all = [first, ...others.map(prints)].flat();
    expect(new Set(all).size).toBe(others.length + 1);
    const runs = ['12 runs', '13 runs'].map((against) => prints({ form: 'history', against }));
    expect(runs[0]).toEqual(runs[1]);
  });

  test.each([
    ['./bench.config.yaml', 'bench.config.yaml'],
    ['.\\ci\\bench.yaml', 'ci/bench.yaml'],
    ['ci/bench.yaml', 'ci/bench.yaml'],
  ])('%s is %s', (given, expected) => {
    expect(entriesOf(invalid, given)[0]?.location.path).toBe(expected);
  });
});

describe('figures for tools that keep them', () => {
  test('each figure once, by the way it points', () => {
    const smaller = JSON.parse(checkBenchmarkAction(limits, 'lower'));
    const bigger = JSON.parse(checkBenchmarkAction(limits, 'higher'));
    expect(smaller.map(({ unit }: { unit: string }) => unit)).toEqual([
      'ms',
      'ms',
      'ms',
      'share',
      'USD',
    ]);
    expect(bigger).toEqual([
      {
        name: 'market/DeepSeek-R1 chat: decode_tokens_per_second:p(50)',
        unit: 'tok/s',
        value: 45.5,
        range: '± 1.7',
        extra: '400 requests, run 20260102T030405Z-chat',
      },
    ]);
    const twice = aResult({ findings: [aFinding(), aFinding({ form: 'threshold' })] });
    expect(JSON.parse(checkBenchmarkAction(twice, 'lower'))).toHaveLength(1);
  });

  test('Bencher gets a measure per metric, without ends where there are none', () => {
    const found = JSON.parse(checkBencher(limits))['market/DeepSeek-R1 chat'];
    expect(found['ttft-ms-p95']).toEqual({ value: 912, lower_value: 871, upper_value: 960 });
    expect(found['cost-usd']).toEqual({ value: 0.12 });
    expect(Object.keys(found)).toContain('decode-tokens-per-second-p50');
  });

  test('none of a run that cannot be trusted, and of the simulator by that name', () => {
    expect(JSON.parse(checkBencher(invalid))).toEqual({});
    expect(JSON.parse(checkBenchmarkAction(invalid, 'lower'))).toEqual([]);
    expect(renderForm('openmetrics', invalid, CONFIG)).not.toContain('tokentape_value');
    for (const name of Object.keys(JSON.parse(checkBencher(pairedFail)))) {
      expect(name).toMatch(/ \(simulated\)$/);
    }
  });
});

describe('simulated figures are called so in every form', () => {
  const marked = REPORT_FORMS.filter((form) => form !== 'benchmark-bigger');
  test.each(marked)('%s', (form) => {
    expect(renderForm(form, pairedFail, CONFIG)).toMatch(/simulated/i);
    expect(renderForm(form, { ...pairedFail, simulated: false }, CONFIG)).not.toMatch(
      /SIMULATED|\(simulated\)|simulated="true"|"simulated": true/,
    );
  });
});

describe('--report', () => {
  test.each([
    ['junit=reports/check.xml', { form: 'junit', file: 'reports/check.xml' }],
    ['md = a=b.md ', { form: 'md', file: 'a=b.md' }],
    ['json=-', { form: 'json', file: '-' }],
  ])('%s', (text, expected) => {
    expect(parseReportForm(text)).toEqual(expected);
  });

  test.each([
    ['junit', 'is not FORM=FILE'],
    ['junit=', 'is not FORM=FILE'],
    ['=x', 'is not FORM=FILE'],
    ['juint=x', "unknown form 'juint'"],
    ['__proto__=x', "unknown form '__proto__'"],
  ])('%s is refused', (text, expected) => {
    expect(() => parseReportForm(text)).toThrow(expected);
  });

  test('says what was meant, or what there is', () => {
    expect(() => parseReportForm('juint=x')).toThrow(
      expect.objectContaining({ remedy: 'did you mean junit?', exitCode: 2 }),
    );
    expect(() => parseReportForm('zzz=x')).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('gitlab-quality') }),
    );
  });

  test('two may not go to one place', () => {
    expect(() => parseReportForms(['md=-', 'json=-'])).toThrow(
      'both md and json would go to stdout',
    );
    expect(() => parseReportForms(['md=a', 'json=a'])).toThrow('would go to a');
    expect(parseReportForms(['md=a', 'md=b', 'json=-'])).toHaveLength(3);
  });
});

describe('a limit', () => {
  test.each<[Partial<Finding>, string]>([
    [{ metric: 'error_rate', limit: 0.0025, against: '< 0.0025' }, 'limit < 0.25 %'],
    [{ metric: 'goodput_share', limit: 0.9995, against: '> 0.9995' }, 'limit > 99.95 %'],
    [{ metric: 'cost_usd', limit: 0.00005, against: '< 0.00005' }, 'limit < $0.00005'],
    [{ metric: 'ttft_ms:p(95)', limit: 1234.5, against: '< 1234.5' }, 'limit < 1234.5 ms'],
  ])('is said as it was set: %j', (given, said) => {
    const result = aResult({ findings: [aFinding({ ...given, change: null, baseline: null })] });
    expect(renderForm('text', result, CONFIG)).toContain(said);
  });
});

describe('--json', () => {
  test('leaves no room on stdout for a report', () => {
    expect(() => parseReportForms(['junit=-'], true)).toThrow('both --json and junit');
    expect(parseReportForms(['junit=x.xml'], true)).toHaveLength(1);
  });
});
