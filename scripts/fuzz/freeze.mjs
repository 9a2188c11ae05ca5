// A run as if it had happened at a set time on a set machine: the same corpus everywhere, so that a seed
// gives the same inputs.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

const RUN_ID = '20260102T030405Z-smoke+safety';
const FROZEN = {
  run_id: RUN_ID,
  started_at: '2026-01-02T03:04:05.000Z',
  finished_at: '2026-01-02T03:04:06.000Z',
  duration_ms: 1000,
  clock: { wall: '2026-01-02T03:04:05.000Z', monotonic_ns: '1000000000' },
  validity: { verdict: 'valid', reasons: [] },
  host: { platform: 'linux', arch: 'x64', cpus: 2, cpu_model: 'x', memory_bytes: 1024 },
  git: null,
};

/**
 * Rewrites manifest, plan, records, grades and tapes of a run; the rest is to be derived again.
 * @param {string} run
 */
export function freeze(run) {
  const at = (/** @type {string} */ name) => path.join(run, name);
  const manifest = { ...JSON.parse(readFileSync(at('manifest.json'), 'utf8')), ...FROZEN };
  for (const target of manifest.config.targets) target.base_url = 'http://127.0.0.1:1/v1';
  writeFileSync(at('manifest.json'), JSON.stringify(manifest, null, 2));
  const plan = linesOf(gunzipSync(readFileSync(at('plan.ndjson.gz'))));
  plan[0].run_id = RUN_ID;
  writeFileSync(at('plan.ndjson.gz'), gzipSync(textOf(plan)));
  for (const name of ['requests.ndjson', 'grades.ndjson']) {
    writeFileSync(at(name), textOf(byRequest(linesOf(readFileSync(at(name))))));
  }
  const tapes = byRequest(linesOf(gunzipSync(readFileSync(at('tapes.ndjson.gz')))));
  // Members as a run writes them: several, each of whole lines.
  const members = [tapes.slice(0, 5), tapes.slice(5)].map((some, member) =>
    gzipSync(textOf(some.map((tape, index) => frozenTape(tape, member * 5 + index)))),
  );
  writeFileSync(at('tapes.ndjson.gz'), Buffer.concat(members));
}

/**
 * Every event is a read of its own, ten milliseconds after the one before.
 * @param {any} tape
 * @param {number} index
 */
function frozenTape(tape, index) {
  const body = tape.body
    .replaceAll(/chatcmpl-sim-\d+/g, 'chatcmpl-sim-1')
    .replaceAll(/"created":\d+/g, '"created":1767323045');
  const events = body.split(/(?<=\n\n)/);
  return {
    ...tape,
    origin_ns: String(2_000_000_000 + index * 10_000_000),
    scheduled_ms: -1,
    started_ms: index * 10,
    ...(tape.dns_ms !== null && { dns_ms: 0.1 }),
    ...(tape.tcp_ms !== null && { tcp_ms: 0.2 }),
    ...(tape.connected_ms !== null && { connected_ms: 0.2 }),
    ...(tape.turn_delay_ms !== null && { turn_delay_ms: 1 }),
    headers_ms: 20,
    end: { ...tape.end, at_ms: 20 + events.length * 10 },
    headers: { 'content-type': 'text/event-stream' },
    stale_socket_redials: 0,
    client_late: [],
    arrivals: events.map((/** @type {string} */ event, /** @type {number} */ read) => [
      30 + read * 10,
      Buffer.byteLength(event),
    ]),
    body,
  };
}

/** @param {Buffer} bytes @returns {any[]} */
function linesOf(bytes) {
  return bytes
    .toString('utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** @param {any[]} values */
function textOf(values) {
  return `${values.map((value) => JSON.stringify(value)).join('\n')}\n`;
}

/** @param {any[]} lines */
function byRequest(lines) {
  return lines.sort((a, b) => (a.request_id < b.request_id ? -1 : 1));
}
