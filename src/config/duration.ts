const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `500ms`, `1.5s`, `10m`, `1h30m`: numbers with their units, largest first by habit only. */
export const DURATION_PATTERN = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/;

export const DURATION_FORM = 'a duration with its unit, as 500ms, 10s, 5m or 1h30m';

/** @returns milliseconds, over 0; `undefined` where `text` is no such duration */
export function parseDuration(text: string): number | undefined {
  if (!DURATION_PATTERN.test(text)) return undefined;
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    totalMs += Number(amount) * (UNIT_MS[unit as string] as number);
  }
  return Number.isFinite(totalMs) && totalMs > 0 ? totalMs : undefined;
}
