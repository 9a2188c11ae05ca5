import { expect, test } from 'vitest';
import { MonotonicStamper, STAMP_DIGITS } from '../../src/calibration/stamp.ts';

function written(stamper: MonotonicStamper, nowMs: number): string {
  const bytes = Buffer.alloc(STAMP_DIGITS + 2, '.');
  stamper.write(nowMs, bytes, 1);
  expect(bytes.toString('latin1', 0, 1) + bytes.toString('latin1', STAMP_DIGITS + 1)).toBe('..');
  return bytes.toString('latin1', 1, STAMP_DIGITS + 1);
}

test('writes the clock of process.hrtime.bigint(), in 19 digits', () => {
  const stamper = new MonotonicStamper();
  for (let index = 0; index < 1000; index++) {
    const before = process.hrtime.bigint();
    const digits = written(stamper, performance.now());
    const after = process.hrtime.bigint();
    expect(digits).toMatch(/^\d{19}$/);
    // The clocks are tied to each other once, to within a microsecond or so.
    expect(BigInt(digits)).toBeGreaterThan(before - 20_000n);
    expect(BigInt(digits)).toBeLessThan(after + 20_000n);
  }
});

test('keeps distances to the nanosecond, past whole seconds too', () => {
  const stamper = new MonotonicStamper();
  const origin = BigInt(written(stamper, 0));
  for (const ms of [0.000_001, 0.25, 1, 999.999_999, 1000, 1000.000_001, 59_999.5, 3_600_000.125]) {
    expect(BigInt(written(stamper, ms)) - origin).toBe(BigInt(Math.round(ms * 1e6)));
  }
});
