// From rounds to figures: medians over rounds, and ratios taken within a round before their median, so
// that what a busy machine does to all clients of a round cancels out.

export const REFERENCE = 'tokentape';

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle];
  return (sorted[middle - 1] + sorted[middle]) / 2;
}

/** One row per client; a figure that a client does not give is `null`. */
export function figuresOf(results) {
  const reference = results.find(({ client }) => client === REFERENCE);
  return results.map(({ client, title, runs }) => {
    const of = (pick) => median(runs.map(pick));
    return {
      client,
      title,
      cpuPerChunkUs: of((run) => run.cpuPerChunkUs),
      ratio:
        reference === undefined
          ? null
          : median(
              runs.map((run, round) => reference.runs[round].cpuPerChunkUs / run.cpuPerChunkUs),
            ),
      chunksPerRead: runs[0].reads === null ? null : of((run) => run.chunks / run.reads),
      p50Ms: of((run) => run.error.p50Ms),
      p99Ms: of((run) => run.error.p99Ms),
      p999Ms: of((run) => run.error.p999Ms),
      maxMs: of((run) => run.error.maxMs),
      rssPerStreamBytes: of((run) => run.rssPerStreamBytes),
      peakRssBytes: of((run) => run.maxRssBytes),
      chunks: of((run) => run.chunks),
      chunksPerSecond: of((run) => run.chunksPerSecond),
      senderCpuPerChunkUs: of((run) => run.senderCpuPerChunkUs),
      senderLateP99Ms: of((run) => run.sender.lateness.p99Ms),
      heldShare: of((run) => run.sender.heldChunks / run.sender.chunks),
    };
  });
}
