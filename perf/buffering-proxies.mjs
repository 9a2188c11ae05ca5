// Proxies that buffer, in a thread of their own: what `perf/buffering.mjs` puts between simulator and
// client. Each knows when it wrote what, which is the truth that the client's verdict is held against.
import http from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import { createGzip } from 'node:zlib';

/** @typedef {{ kind: 'none' | 'whole' | 'chunks' | 'first' | 'gzip' } | { kind: 'bytes', bytes: number } | { kind: 'timed', ms: number }} Buffering */

/**
 * @typedef {{ atMs: number, bytes: number }} Flush
 * @type {Map<string, Flush[]>}
 */
const flushes = new Map();

/**
 * Answers with the upstream's reply, held back as `buffering` says.
 * @param {Buffering} buffering
 * @param {http.IncomingMessage} upstream
 * @param {http.ServerResponse} response
 * @param {Flush[]} log
 */
function relay(buffering, upstream, response, log) {
  /** @type {Buffer[]} */
  let held = [];
  const { 'content-type': type = '', 'content-encoding': coding } = upstream.headers;
  const headers = { 'content-type': type, ...(coding && { 'content-encoding': coding }) };
  /** @param {Buffer} bytes */
  const send = (bytes) => {
    if (bytes.length === 0) return;
    log.push({ atMs: performance.now(), bytes: bytes.length });
    response.write(bytes);
  };
  const flush = () => {
    const bytes = Buffer.concat(held);
    held = [];
    send(bytes);
  };
  if (buffering.kind === 'gzip') {
    response.writeHead(200, { ...headers, 'content-encoding': 'gzip' });
    upstream.pipe(createGzip()).pipe(response);
    return;
  }
  response.writeHead(upstream.statusCode ?? 502, headers);
  const timer = buffering.kind === 'timed' ? setInterval(flush, buffering.ms) : undefined;
  let chunks = 0;
  upstream.on('data', (/** @type {Buffer} */ bytes) => {
    chunks += 1;
    held.push(bytes);
    if (buffering.kind === 'none') flush();
    // Role and first token come together.
    if (buffering.kind === 'first' && chunks === 1) flush();
    if (buffering.kind !== 'bytes') return;
    for (let all = Buffer.concat(held); ; all = all.subarray(buffering.bytes)) {
      held = [all];
      if (all.length < buffering.bytes) break;
      send(all.subarray(0, buffering.bytes));
    }
  });
  upstream.on('end', () => {
    clearInterval(timer);
    if (buffering.kind === 'chunks') for (const bytes of held) send(bytes);
    else flush();
    response.end();
  });
}

/**
 * @param {Buffering} buffering
 * @param {string} upstreamUrl
 */
async function startProxy(buffering, upstreamUrl) {
  const agent = new http.Agent({ keepAlive: true });
  const { hostname, port } = new URL(upstreamUrl);
  const server = http.createServer((request, response) => {
    /** @type {Flush[]} */
    const log = [];
    flushes.set(String(request.headers['x-stream']), log);
    const { url, method, headers } = request;
    const onward = http.request({ agent, hostname, port, path: url, method, headers }, (upstream) =>
      relay(buffering, upstream, response, log),
    );
    request.pipe(onward);
  });
  server.keepAliveTimeout = 120_000;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return `http://127.0.0.1:${address.port}/v1`;
}

const url = await startProxy(workerData.buffering, workerData.upstreamUrl);
parentPort?.on('message', () => parentPort?.postMessage({ flushes }));
parentPort?.postMessage({ url });
