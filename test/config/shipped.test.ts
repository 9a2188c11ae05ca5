import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { starterConfig } from '../../src/config/init.ts';
import { configJsonSchema } from '../../src/config/json-schema.ts';
import { loadConfig } from '../../src/config/load.ts';
import { MARKETPLACE_MODELS } from '../../src/config/marketplace-models.ts';
import { resolveTargets } from '../../src/config/resolve.ts';
import { flagName, type RunFlags, variableName } from '../../src/config/run-flags.ts';
import { parseThreshold } from '../../src/gate/thresholds.ts';
import { SIMULATED_MODELS } from '../../src/simulator/profiles.ts';
import { load } from './loading.ts';

const root = new URL('../../', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, root), 'utf8');

describe('bench.config.yaml', () => {
  test('is right, and lists what the tool and its simulator have built in', () => {
    const loaded = loadConfig({ cwd: root.pathname, env: {}, path: 'bench.config.yaml' });
    expect(loaded.problems).toEqual([]);
    expect(loaded.config.models).toEqual(MARKETPLACE_MODELS);
    expect(MARKETPLACE_MODELS.map((model) => model.name)).toEqual(SIMULATED_MODELS);
  });

  test('works with its examples uncommented', () => {
    const text = read('bench.config.yaml').replaceAll(
      /^( *)# ((?: +)?(?:local|base_url|models|thresholds|-).*)$/gm,
      '$1$2',
    );
    const loaded = load(text);
    expect(loaded.problems).toEqual([]);
    expect(resolveTargets(loaded, { targets: ['local'] }).problems).toEqual([]);
    expect(loaded.config.thresholds?.map(parseThreshold)).toMatchObject([
      { observed: { kind: 'quantile', metric: 'ttft_ms', p: 0.95 } },
      { observed: { kind: 'share', name: 'error_rate' } },
    ]);
  });
});

test('the starter config is right, and simulates until its variables are set', () => {
  const loaded = load(starterConfig());
  expect(loaded.problems).toEqual([]);
  expect(resolveTargets(loaded)).toMatchObject({ targets: [{ simulated: true }], problems: [] });
});

test('the JSON Schema describes every key', () => {
  const undescribed: string[] = [];
  const visit = (schema: Record<string, unknown>, path: string): void => {
    for (const [key, value] of Object.entries(schema.properties ?? {})) {
      const child = value as Record<string, unknown>;
      if (typeof child.description !== 'string') undescribed.push(`${path}.${key}`);
      visit(child, `${path}.${key}`);
    }
    for (const key of ['items', 'additionalProperties']) {
      const child = schema[key];
      if (typeof child === 'object' && child !== null)
        visit(child as Record<string, unknown>, path);
    }
  };
  const schema = configJsonSchema();
  visit(schema, '');
  expect(schema.title).toBe('bench.config.yaml');
  expect(Object.keys(schema.properties as object)).toContain('targets');
  expect(undescribed).toEqual([]);
});

describe('docs/configuration.md', () => {
  const text = read('docs/configuration.md');

  test('names every key of the schema', () => {
    const keys = [
      ...JSON.stringify(configJsonSchema()).matchAll(/"(\w+)":\{"(?:description|type|anyOf)/g),
    ];
    const missing = keys
      .map(([, key]) => key as string)
      .filter(
        (key) =>
          !['items', 'propertyNames', 'additionalProperties'].includes(key) &&
          !key.startsWith('__schema'),
      )
      .filter((key) => !text.includes(key));
    expect(keys.length).toBeGreaterThan(50);
    expect(missing).toEqual([]);
  });

  test('names every flag and variable', () => {
    const flags: Record<keyof RunFlags, true> = {
      suite: true,
      concurrency: true,
      order: true,
      repeat: true,
      warmup: true,
      seed: true,
      nonce: true,
      tapes: true,
      text: true,
      output: true,
      grade: true,
      runCode: true,
      runJavascript: true,
      judge: true,
      calibrate: true,
      chunkRate: true,
      lateShare: true,
      cpuShare: true,
      duration: true,
      requests: true,
      maxCost: true,
      maxTokensTotal: true,
      timeout: true,
      connectTimeout: true,
      firstTokenTimeout: true,
      stallTimeout: true,
    };
    for (const flag of Object.keys(flags) as (keyof RunFlags)[]) {
      expect(text).toContain(`\`${variableName(flag)}\``);
      expect(text).toContain(flagName(flag).replace('--', ''));
    }
  });
});
