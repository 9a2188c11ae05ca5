import { normalQuantile } from '../../stats/normal.ts';
import { NODE_LEVELS, type Plausible } from './needed.ts';

const Z95 = 1.96;

/**
 * What a noise may be, as factors of what the sample shows.
 * @param error standard error of the logarithm of its scale
 */
export function plausibleScales(error: number): Plausible<number> {
  const at = (z: number) => Math.exp(z * error);
  return {
    nodes: error === 0 ? [1] : NODE_LEVELS.map((level) => at(normalQuantile(level))),
    easiest: at(-Z95),
    hardest: at(Z95),
  };
}
