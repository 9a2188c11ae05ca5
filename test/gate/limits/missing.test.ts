import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mostOf, samplesMissing } from '../../../src/gate/limits/missing.ts';
import { chanceOfAsFew, chanceOfAsMany } from '../../../src/stats/exact-share.ts';

const LEVELS = { fail: 0.01 / 24, pass: 0.01 / 3 };

test('none past the limit yet: as many as prove it', () => {
  const of = (samples: number, effectiveSamples = samples) =>
    samplesMissing({ share: 0, allowed: 0.01, samples, effectiveSamples }, LEVELS);
  // 0.99^568 is the first power under a third of a percent.
  expect(of(400)).toBeGreaterThanOrEqual(168);
  expect(of(400)).toBeLessThanOrEqual(169);
  // Worth half as many, twice as many are needed.
  expect(of(400, 200)).toBeGreaterThanOrEqual(736);
  expect(of(400, 200)).toBeLessThanOrEqual(738);
});

test('at the limit, or so near that nobody sends so many: none in reach', () => {
  const at = (share: number) =>
    samplesMissing({ share, allowed: 0.05, samples: 1000, effectiveSamples: 1000 }, LEVELS);
  expect(at(0.05)).toBe(Infinity);
  expect(at(0.051)).toBe(Infinity);
  expect(at(0.03)).toBeLessThan(1000);
});

test('with so many more it is told, even of a share somewhat nearer to the limit', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 20, max: 3000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom(0.01, 0.05, 0.5, 0.95),
      fc.double({ min: 1, max: 4, noNaN: true }),
      (samples, part, allowed, effect) => {
        const share = Math.round(part * samples) / samples;
        const effectiveSamples = samples / effect;
        const missing = samplesMissing({ share, allowed, samples, effectiveSamples }, LEVELS);
        expect(missing).toBeGreaterThanOrEqual(1);
        if (missing === Infinity) return;
        expect(samples + missing).toBeLessThanOrEqual(mostOf(samples) + 1);
        const enough = (samples + missing) / effect;
        const chance =
          share < allowed
            ? chanceOfAsFew(share, enough, allowed) < LEVELS.pass
            : chanceOfAsMany(share, enough, allowed) < LEVELS.fail;
        expect(chance).toBe(true);
      },
    ),
  );
});
