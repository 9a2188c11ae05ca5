import assert from 'node:assert/strict';

const ATTEMPTS = 8;
/** Of sixteen times the bytes; quadratic would be 256. */
const RATIO_MAX = 64;
/** So little is not worth a word, whatever the machine makes of it. */
const MS_MIN = 300;

/**
 * That 1 MiB costs no more than linear work would, next to 64 KiB, by the best of some tries: a busy
 * machine makes single ones slower and none faster.
 * @param {(bytes: number) => number} costMs
 */
export function assertLinear(costMs) {
  let small = Number.POSITIVE_INFINITY;
  let large = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    small = Math.min(small, costMs(65_536));
    large = Math.min(large, costMs(1_048_576));
    if (large < MS_MIN || large <= RATIO_MAX * small) return;
  }
  assert.fail(`not linear: ${small} ms for 64 KiB, ${large} ms for 1 MiB`);
}
