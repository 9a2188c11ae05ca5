// Runs the clients side by side: round after round, in an order that rotates, against one sender.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startGroundTruth, summariseErrors } from '../../dist/index.js';
import { runClient } from './clients.mjs';

/** USER_HZ is 100 on every Linux there is. */
const TICK_US = 10_000;

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

async function runOnce({ streams, requests, schedule, warmupMs }, client, truth, scratch) {
  const errorsFile = path.join(scratch, 'errors');
  const outDir = path.join(scratch, 'results');
  await truth.stats({ reset: true });
  const load = { url: truth.url, streams, requests, schedule, errorsFile, outDir };
  let warm = Promise.resolve(null);
  const measured = await runClient(client, load, (pid) => {
    if (warmupMs > 0) warm = afterWarmup(pid, truth, warmupMs);
  });
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
    cpuPerChunkUs: perChunkUs(measured, await warm),
    rssPerStreamBytes: Math.max(0, measured.maxRssBytes - measured.rssBytes) / streams,
    replyBytes: sender.sentBytes / requests,
    chunksPerSecond: (measured.chunks / measured.wallMs) * 1000,
    error: summariseErrors([errors]),
    sender,
    senderCpuPerChunkUs: sender.cpuUs / sender.chunks,
  };
}

/**
 * A runtime that compiles as it runs spends its first seconds on that, however many chunks come:
 * they are left out of what a chunk costs, for every client alike.
 */
function perChunkUs({ cpuUs, cpuBeforeUs, chunks }, warm) {
  if (warm === null) return cpuUs / chunks;
  return (cpuBeforeUs + cpuUs - warm.cpuUs) / (chunks - warm.chunks);
}

/** What a client's process had used, and the sender had sent, so long after its first request. */
async function afterWarmup(pid, truth, warmupMs) {
  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  try {
    while ((await truth.stats()).streamsStarted === 0) {
      if (!existsSync(`/proc/${pid}`)) return null;
      await sleep(50);
    }
    await sleep(warmupMs);
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [userTicks, systemTicks] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    const { chunks } = await truth.stats();
    return { cpuUs: (Number(userTicks) + Number(systemTicks)) * TICK_US, chunks };
  } catch {
    // No `/proc` here, or it was over before.
    return null;
  }
}
