// Runs the clients side by side: round after round, in an order that rotates, against one sender.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startGroundTruth, summariseErrors } from '../../dist/index.js';
import { runClient } from './clients.mjs';

/**
 * @returns {Promise<{client, title, runs}[]>} of each client one run a round: its figures a chunk, its
 *   stamping error, and what the sender says of itself meanwhile
 */
export async function runScenario(scenario, clients, rounds, log) {
  const scratch = mkdtempSync(path.join(tmpdir(), 'tokentape-perf-'));
  const truth = await startGroundTruth();
  const results = clients.map(({ name, title }) => ({ client: name, title, runs: [] }));
  try {
    for (let round = 0; round < rounds; round++) {
      for (let place = 0; place < clients.length; place++) {
        const index = (place + round) % clients.length;
        const run = await runOnce(scenario, clients[index], truth, scratch);
        results[index].runs.push(run);
        log(
          `${scenario.name} ${round + 1}/${rounds} ${clients[index].name}: ` +
            `${run.cpuPerChunkUs.toFixed(1)} µs a chunk, p99 ${run.error.p99Ms.toFixed(2)} ms`,
        );
      }
    }
    return results;
  } finally {
    await truth.close();
    rmSync(scratch, { recursive: true });
  }
}

async function runOnce({ streams, requests, schedule }, client, truth, scratch) {
  const errorsFile = path.join(scratch, 'errors');
  const outDir = path.join(scratch, 'results');
  await truth.stats({ reset: true });
  const load = { url: truth.url, streams, requests, schedule, errorsFile, outDir };
  const measured = await runClient(client, load);
  const sender = await truth.stats();
  if (measured.chunks !== sender.chunks || sender.streamsFinished !== requests) {
    const [got, sent] = [measured.chunks, sender.chunks].map(String);
    throw new Error(`${client.name} has ${got} chunks of ${sent} sent: the figures are worthless`);
  }
  const bytes = readFileSync(errorsFile);
  const errors = new Float64Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  );
  rmSync(outDir, { recursive: true, force: true });
  return {
    ...measured,
    cpuPerChunkUs: measured.cpuUs / measured.chunks,
    rssPerStreamBytes: Math.max(0, measured.maxRssBytes - measured.rssBytes) / streams,
    replyBytes: sender.sentBytes / requests,
    chunksPerSecond: (measured.chunks / measured.wallMs) * 1000,
    error: summariseErrors([errors]),
    sender,
    senderCpuPerChunkUs: sender.cpuUs / sender.chunks,
  };
}
