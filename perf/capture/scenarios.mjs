// The loads that every client is put under, one after the other, by the same sender. A stream that
// ends is followed by another until all requests are through.

/**
 * `quick` keeps the rates and the streams, shortens the replies and leaves out who is slow; `leaveOut`
 * names clients that run only where they are asked for.
 */
export function scenariosOf(quick) {
  const paced = (ratePerSecond, low, high) => ({
    pace: 'paced',
    ratePerSecond,
    chunks: quick ? [low >> 1, high >> 1] : [low, high],
  });
  return [
    {
      name: 'paced10k',
      title: '10,000 chunks/s: 200 streams × 50/s, sent again as they end',
      streams: 200,
      requests: quick ? 400 : 1000,
      warmupMs: quick ? 0 : 5000,
      schedule: paced(50, 125, 175),
      rounds: quick ? 1 : 3,
      leaveOut: quick ? ['httpx', 'undici'] : [],
    },
    {
      name: 'paced30k',
      title: '30,000 chunks/s: 600 streams × 50/s, sent again as they end',
      streams: 600,
      requests: quick ? 1200 : 3000,
      warmupMs: quick ? 0 : 5000,
      schedule: paced(50, 85, 115),
      rounds: quick ? 1 : 2,
      leaveOut: quick ? ['httpx', 'undici', 'sdk'] : [],
    },
    {
      name: 'flooded',
      title: 'flooded: 50 streams as fast as their sockets take it, 16 chunks a write',
      streams: 50,
      requests: 100,
      warmupMs: 0,
      schedule: { pace: 'flooded', burst: 16, chunks: quick ? 500 : 2000 },
      rounds: quick ? 1 : 2,
      leaveOut: quick ? ['httpx', 'undici'] : [],
    },
    {
      name: 'held5000',
      title: `5,000 streams × 5/s${quick ? '' : ', held for 20 s, every second one sent again'}`,
      streams: 5000,
      requests: quick ? 5000 : 7500,
      warmupMs: 0,
      schedule: quick ? paced(5, 40, 60) : paced(5, 80, 120),
      rounds: 1,
      // Some take minutes to get through it.
      leaveOut: quick ? ['sdk', 'httpx', 'undici', 'aiohttp'] : ['sdk', 'httpx'],
    },
  ];
}
