import { product, sum, whole } from './exact.ts';
import type { NumberToken } from './numbers.ts';

const HOURS = '(?:hours?|hrs?|h|時間|giờ|tiếng)';
const MINUTES = '(?:minutes?|mins?|min|m|分|phút)';
const HOURS_AND_MINUTES = new RegExp(`^\\s?${HOURS}(?:\\s?,?\\s?(?:and|và|と)?\\s?)$`, 'iu');
const MINUTES_BEHIND = new RegExp(`^\\s?${MINUTES}(?!\\p{L})`, 'iu');

/** `2 hours 25 minutes` is one duration: 145 minutes, or 2 5/12 hours. */
export function withDurations(segment: string, tokens: readonly NumberToken[]): NumberToken[] {
  const merged: NumberToken[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const [hours, minutes] = [tokens[index] as NumberToken, tokens[index + 1]];
    const isDuration =
      minutes !== undefined &&
      HOURS_AND_MINUTES.test(segment.slice(hours.to, minutes.from)) &&
      MINUTES_BEHIND.test(segment.slice(minutes.to, minutes.to + 12));
    merged.push(isDuration ? duration(hours, minutes) : hours);
    if (isDuration) index += 1;
  }
  return merged;
}

function duration(hours: NumberToken, minutes: NumberToken): NumberToken {
  const totals = hours.readings.flatMap((hour) =>
    minutes.readings.map((minute) => sum(product(hour, whole(60)), minute)),
  );
  const asHours = totals.map((total) => product(total, { numerator: 1n, denominator: 60n }));
  return { ...minutes, from: hours.from, readings: [...totals, ...asHours] };
}
