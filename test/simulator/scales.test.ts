import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { Engine, type Work } from '../../src/simulator/batching.ts';
import {
  type ModelProfile,
  PROFILES,
  profilesWith,
  SIMULATED_MODELS,
} from '../../src/simulator/profiles.ts';
import { factorOf, parseScale, type Scale } from '../../src/simulator/scales.ts';
import { startSimulator } from '../../src/simulator/server.ts';

test.each<[string, Scale | { problem: string }]>([
  ['1.1', { factor: 1.1 }],
  ['1.1@DeepSeek-R1', { factor: 1.1, model: 'DeepSeek-R1' }],
  [' 0.5 ', { factor: 0.5 }],
  ['2@a@b', { factor: 2, model: 'a@b' }],
  ['0', { problem: "'0' is no factor from 0.01 to 100" }],
  ['-1', { problem: "'-1' is no factor from 0.01 to 100" }],
  ['10%', { problem: "'10%' is no factor from 0.01 to 100" }],
  ['@DeepSeek-R1', { problem: "'' is no factor from 0.01 to 100" }],
  ['1.1@', { problem: "'' is no factor from 0.01 to 100" }],
])('%s', (text, expected) => {
  expect(parseScale(text)).toEqual(expected);
});

test('scales of all models and of one multiply', () => {
  const scales = [{ factor: 2 }, { factor: 1.1, model: 'a' }, { factor: 3, model: 'b' }];
  expect(['a', 'b', 'c'].map((model) => factorOf(model, scales))).toEqual([2.2, 6, 2]);
});

describe('a scaled model', () => {
  interface Job extends Work {
    name: string;
  }

  /** Instants of all tokens of twenty requests that overlap, sent `factor` times as far apart. */
  function instants({ latency }: ModelProfile, factor: number): number[] {
    const engine = new Engine<Job>(latency, createRandom('x'));
    for (let n = 0; n < 20; n++) {
      const job = { name: `${n}`, promptTokens: 50 + 100 * n, outputTokens: 40 };
      engine.submit(job, factor * 30 * n);
    }
    const seen: number[] = [];
    engine.advance(1e9, (_job, _made, atMs) => seen.push(atMs));
    return seen;
  }

  test('sees every token that factor later, jitter, queue and neighbours included', () => {
    const scaled = profilesWith('default', { scales: [{ factor: 1.1, model: 'DeepSeek-R1' }] });
    const own = instants(PROFILES.default.get('DeepSeek-R1') as ModelProfile, 1);
    const slower = instants(scaled.get('DeepSeek-R1') as ModelProfile, 1.1);
    expect(own).toHaveLength(800);
    slower.forEach((atMs, index) => {
      expect(atMs / (own[index] as number)).toBeCloseTo(1.1, 9);
    });
  });

  test('leaves the others what they are', () => {
    const scaled = profilesWith('fast', { scales: [{ factor: 1.1, model: 'DeepSeek-R1' }] });
    for (const model of SIMULATED_MODELS.filter((name) => name !== 'DeepSeek-R1')) {
      expect(scaled.get(model)).toEqual(PROFILES.fast.get(model));
    }
  });

  test('comes on top of changed figures', () => {
    const changes = { latency: { decodeMs: 10 }, scales: [{ factor: 3 }] };
    for (const { latency } of profilesWith('fast', changes).values()) {
      expect(latency.decodeMs).toBe(30);
    }
  });
});

test('a model that is none, and a factor that is none, are refused', async () => {
  const start = (scale: Scale) => startSimulator({ changes: { scales: [scale] } });
  await expect(start({ factor: 2, model: 'DeepSeek-R2' })).rejects.toMatchObject({
    message: "no model 'DeepSeek-R2' to scale",
    remedy: 'did you mean DeepSeek-R1?',
  });
  await expect(start({ factor: 0 })).rejects.toThrow('a model cannot be scaled by 0');
});
