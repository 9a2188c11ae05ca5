// From rounds to figures: medians over rounds, and ratios taken within a round before their median, so
// that what a busy machine does to all clients of a round cancels out.

/**
 * One run of a client: what it reported of itself, and what the sender says of it.
 * @typedef {object} Run
 * @property {number} cpuPerChunkUs
 * @property {number} chunks
 * @property {number | null} reads `null` where the client does not see its reads
 * @property {number} chunksPerSecond
 * @property {number} rssPerStreamBytes
 * @property {number} replyBytes
 * @property {number} maxRssBytes
 * @property {{p50Ms: number, p99Ms: number, p999Ms: number, maxMs: number}} error
 * @property {{heldChunks: number, chunks: number, lateness: {p99Ms: number}}} sender
 * @property {number} senderCpuPerChunkUs
 */

/** @typedef {ReturnType<typeof figuresOf>[number]} Figures one client's, over all rounds */

/** @typedef {{name: string, title: string, figures: Figures[]}} Compared one scenario's figures */

export const REFERENCE = 'tokentape';

/** @param {number[]} values at least one */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * One row per client; a figure that a client does not give is `null`.
 * @param {{client: string, title: string, runs: Run[]}[]} results
 */
export function figuresOf(results) {
  const reference = results.find(({ client }) => client === REFERENCE);
  return results.map(({ client, title, runs }) => {
    /** @param {(run: Run) => number} pick */
    const of = (pick) => median(runs.map(pick));
    return {
      client,
      title,
      cpuPerChunkUs: of((run) => run.cpuPerChunkUs),
      ratio:
        reference === undefined
          ? null
          : median(
              runs.map(
                (run, round) =>
                  (reference.runs[round]?.cpuPerChunkUs ?? Number.NaN) / run.cpuPerChunkUs,
              ),
            ),
      chunksPerRead:
        runs[0]?.reads == null ? null : of((run) => run.chunks / (run.reads ?? Number.NaN)),
      p50Ms: of((run) => run.error.p50Ms),
      p99Ms: of((run) => run.error.p99Ms),
      p999Ms: of((run) => run.error.p999Ms),
      maxMs: of((run) => run.error.maxMs),
      rssPerStreamBytes: of((run) => run.rssPerStreamBytes),
      replyBytes: of((run) => run.replyBytes),
      peakRssBytes: of((run) => run.maxRssBytes),
      chunks: of((run) => run.chunks),
      chunksPerSecond: of((run) => run.chunksPerSecond),
      senderCpuPerChunkUs: of((run) => run.senderCpuPerChunkUs),
      senderLateP99Ms: of((run) => run.sender.lateness.p99Ms),
      heldShare: of((run) => run.sender.heldChunks / run.sender.chunks),
    };
  });
}
