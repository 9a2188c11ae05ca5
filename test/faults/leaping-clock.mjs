/* Loaded into every thread by NODE_OPTIONS: a wall clock that leaps by up to an hour, to and fro. */
const { now } = Date;
const HOUR_MS = 3_600_000;

Date.now = () => now() + Math.round((Math.random() * 2 - 1) * HOUR_MS);
globalThis.Date = new Proxy(Date, {
  construct: (target, parts, as) =>
    Reflect.construct(target, parts.length === 0 ? [Date.now()] : parts, as),
});
