import { describe, expect, test } from 'vitest';
import { FAULTS, FaultPicker, type FaultRule, parseFault } from '../../src/simulator/faults.ts';

test('every fault is described', () => {
  for (const { description } of FAULTS) expect(description).toMatch(/^\w.{10,}$/);
});

test.each([
  ['stall', { name: 'stall', parameters: {} }],
  ['stall; after=5 ;ms=20', { name: 'stall', parameters: { after: 5, ms: 20 } }],
  [
    'redirect;location=http://x/?a=b',
    { name: 'redirect', parameters: { location: 'http://x/?a=b' } },
  ],
  ['stal', { problem: "no fault is called 'stal'" }],
  ['toString', { problem: "no fault is called 'toString'" }],
  ['stall;ms=soon', { problem: "'ms=soon' is no parameter of a fault" }],
  ['stall;ms=', { problem: "'ms=' is no parameter of a fault" }],
  ['stall;color=1', { problem: "'color=1' is no parameter of a fault" }],
])('%s', (text, expected) => {
  expect(parseFault(text)).toEqual(expected);
});

describe('rules', () => {
  const picks = (rules: FaultRule[], models: string[], seed = 's') => {
    const picker = new FaultPicker(rules, seed);
    return models.map((model) => picker.pick(model)?.name ?? '-');
  };

  test('of a model, the nth, and the first that applies', () => {
    const rules: FaultRule[] = [
      { fault: '429', model: 'a', nth: 2 },
      { fault: 'stall', model: 'b' },
      { fault: 'html', nth: 4 },
    ];
    expect(picks(rules, ['a', 'b', 'a', 'a', 'b'])).toEqual(['-', 'stall', '429', 'html', 'stall']);
  });

  test('a share, the same for the same seed', () => {
    const models = Array.from({ length: 2000 }, () => 'a');
    const drawn = picks([{ fault: '500', share: 0.1 }], models);
    const count = drawn.filter((name) => name === '500').length;
    expect(count).toBeGreaterThan(150);
    expect(count).toBeLessThan(250);
    expect(picks([{ fault: '500', share: 0.1 }], models)).toEqual(drawn);
    expect(picks([{ fault: '500', share: 0.1 }], models, 't')).not.toEqual(drawn);
  });

  test('parameters go along', () => {
    const picker = new FaultPicker([{ fault: 'stall', after: 3, ms: 9 }], 's');
    expect(picker.pick('a')).toEqual({ name: 'stall', parameters: { after: 3, ms: 9 } });
  });
});
