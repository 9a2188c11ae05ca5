import { GRADE_NAMES } from '../../gate/observed.ts';
import type { Needed } from '../../gate/power/needed.ts';
import { formatCount } from '../numbers.ts';
import { neutralise } from '../text.ts';

interface Named {
  target: string;
  label: string;
  suite: string;
}

/** `DeepSeek-R1 · chat`, and the target where there are several. */
export function subjectOf({ label, suite, target }: Named, all: readonly Named[]): string {
  const targets = new Set(all.map((each) => each.target));
  return [label, suite, ...(targets.size > 1 ? [target] : [])].map(neutralise).join(' · ');
}

/** A chance in percent, without the sign; what is not certain never rounds to it. */
export function chanceWords(chance: number): string {
  if (chance === 0 || chance === 1) return String(100 * chance);
  if (chance < 0.001) return '<0.1';
  return chance > 0.999 ? '>99.9' : (100 * chance).toFixed(1);
}

/** `95 %` */
export function percentWords(share: number): string {
  return `${Number((100 * share).toPrecision(6))} %`;
}

/** `+10%`; of an error rate `+10 pt`, which are points, and of a score `-10 pt`. */
export function changeWords(metric: string, change: number): string {
  const size = Number((100 * change).toPrecision(change < 0.1 ? 2 : 3));
  if (metric === 'score' || metric === 'accuracy') return `-${size} pt`;
  return `+${size}${isOfPoints(metric) ? ' pt' : '%'}`;
}

/** Of a share, a change is a difference. */
export function isOfPoints(metric: string): boolean {
  return metric === 'error_rate' || GRADE_NAMES.some((name) => name === metric);
}

/** `185–665`, open where the noise may be so large that no number would do. */
export function rangeWords({ value, low, high }: Needed): string {
  if (value === null || low === null) return '';
  return `${formatCount(low)}–${high === null ? '∞' : formatCount(high)}`;
}

/** In percent: nobody knows a noise better. */
export function twoDigits(share: number): string {
  return String(Number((100 * share).toPrecision(2)));
}
