// Simulated pairs: what two endpoints that differ by a known factor answer, under noise of many kinds.

/** @typedef {import('../../src/random.ts').Random} Random */
/** @typedef {import('../../src/gate/paired/pair.ts').Pair} Pair */
/** @typedef {import('../../src/gate/metric.ts').PairedMetric} PairedMetric */

/**
 * What befalls the requests of a check, one after the other; each pair takes two of them.
 * @typedef {object} Noise
 * @property {string} name
 * @property {(random: Random) => Source} start
 */
/**
 * @typedef {object} Source
 * @property {() => number} next the log of one metric of the next request, around 0
 * @property {() => 'ok' | 'rate_limited' | 'ttft_timeout'} [outcome] of the next request
 */

/** @param {number} sd */
const logNormal = (sd) => ({
  name: `log-normal, s = ${sd.toFixed(2)}`,
  start: (/** @type {Random} */ random) => ({ next: () => sd * random.normal() }),
});

/** Student's t with 3 degrees of freedom. */
const heavy = {
  name: 't with 3 degrees, × 0.15',
  start: (/** @type {Random} */ random) => ({
    next: () => {
      const squares = random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2;
      return (0.15 * random.normal()) / Math.sqrt(squares / 3);
    },
  }),
};

const outliers = {
  name: 's = 0.20, 5 % of requests × 3',
  start: (/** @type {Random} */ random) => ({
    next: () => 0.2 * random.normal() + (random.next() < 0.05 ? Math.log(3) : 0),
  }),
};

/** Up by half over 800 requests, and a wave of ±15 % every 60. */
const drift = {
  name: 's = 0.20, drift +50 % and waves',
  start: (/** @type {Random} */ random) => {
    let at = 0;
    return {
      next: () => {
        const level = (0.405 * at) / 800 + 0.15 * Math.sin((2 * Math.PI * at) / 60);
        at++;
        return level + 0.2 * random.normal();
      },
    };
  },
};

const autoregressive = {
  name: 's = 0.20, AR(1) ρ = 0.6',
  start: (/** @type {Random} */ random) => {
    let value = random.normal();
    return {
      next: () => {
        const now = value;
        value = 0.6 * value + Math.sqrt(1 - 0.6 ** 2) * random.normal();
        return 0.2 * now;
      },
    };
  },
};

/** Bursts of 20 requests on average, one in 100 requests begins one; seven of ten are refused. */
const rateLimits = {
  name: 's = 0.20, bursts of 429',
  start: (/** @type {Random} */ random) => {
    let limited = false;
    return {
      next: () => 0.2 * random.normal(),
      outcome: () => {
        limited = random.next() < (limited ? 0.95 : 0.01);
        return limited && random.next() < 0.7
          ? /** @type {const} */ ('rate_limited')
          : /** @type {const} */ ('ok');
      },
    };
  },
};

const timeouts = {
  name: 's = 0.20, 3 % time out',
  start: (/** @type {Random} */ random) => ({
    next: () => 0.2 * random.normal(),
    outcome: () =>
      random.next() < 0.03 ? /** @type {const} */ ('ttft_timeout') : /** @type {const} */ ('ok'),
  }),
};

/** @type {Record<string, Noise>} */
export const NOISES = Object.fromEntries(
  [
    ...[0.1, 0.15, 0.2, 0.25, 0.3].map(logNormal),
    heavy,
    outliers,
    drift,
    autoregressive,
    rateLimits,
    timeouts,
  ].map((noise) => [noise.name, noise]),
);

/**
 * Log values of both arms, metric by metric, pair by pair: NaN where the request failed, `Infinity`
 * where it timed out. Which of a pair goes first is drawn by lot.
 */
export class SimulatedPairs {
  /** @type {Float64Array[]} */
  candidate;
  /** @type {Float64Array[]} */
  baseline;
  size = 0;
  #sources;
  #random;
  #shift;

  /**
   * @param {Noise} noise
   * @param {{ metrics: number, most: number, effect: number }} shape of the first metric alone is
   *   the candidate worse, by this share: what changed is hardest to find among what did not
   * @param {Random} random
   */
  constructor(noise, { metrics, most, effect }, random) {
    const columns = () => Array.from({ length: metrics }, () => new Float64Array(most));
    this.candidate = columns();
    this.baseline = columns();
    this.#sources = Array.from({ length: metrics }, () => noise.start(random));
    this.#random = random;
    this.#shift = Math.log1p(effect);
  }

  /** @param {number} size */
  growTo(size) {
    for (; this.size < size; this.size++) {
      const order = this.#random.next() < 0.5;
      for (const isCandidate of [order, !order]) this.#request(isCandidate);
    }
  }

  /** @param {boolean} isCandidate */
  #request(isCandidate) {
    const outcome = this.#sources[0]?.outcome?.() ?? 'ok';
    const values = isCandidate ? this.candidate : this.baseline;
    for (const [metric, source] of this.#sources.entries()) {
      const value = source.next() + (isCandidate && metric === 0 ? this.#shift : 0);
      /** @type {Float64Array} */ (values[metric])[this.size] =
        outcome === 'ok' ? value : outcome === 'rate_limited' ? Number.NaN : Infinity;
    }
  }

  /**
   * d of the pairs that count, above 0 being worse.
   * @param {number} metric
   */
  differences(metric) {
    const [one, other] = [this.candidate[metric], this.baseline[metric]];
    const differences = new Float64Array(this.size);
    let count = 0;
    for (let pair = 0; pair < this.size; pair++) {
      const d = /** @type {number} */ (one?.[pair]) - /** @type {number} */ (other?.[pair]);
      if (!Number.isNaN(d)) differences[count++] = d;
    }
    return differences.subarray(0, count);
  }

  /**
   * The same as records.
   * @param {import('../../src/gate/metric.ts').GatedMetric[]} metrics
   * @returns {Pair[]}
   */
  records(metrics) {
    return Array.from({ length: this.size }, (_, pair) => ({
      candidate: recordOf(metrics, this.candidate, pair),
      baseline: recordOf(metrics, this.baseline, pair),
    }));
  }
}

/**
 * @param {import('../../src/gate/metric.ts').GatedMetric[]} metrics
 * @param {Float64Array[]} logs
 * @param {number} pair
 */
function recordOf(metrics, logs, pair) {
  const failed = Number.isNaN(logs[0]?.[pair]);
  const timedOut = logs[0]?.[pair] === Infinity;
  /** @type {Record<string, unknown>} */
  const record = {
    outcome: failed ? 'rate_limited' : timedOut ? 'ttft_timeout' : 'ok',
    flags: [],
    case_id: String(pair),
    censored: timedOut ? metrics.map((metric) => 'metric' in metric && metric.metric) : [],
  };
  for (const [index, metric] of metrics.entries()) {
    if (metric.kind !== 'quantile') continue;
    const log = /** @type {number} */ (logs[index]?.[pair]);
    const value = Math.exp(metric.better === 'lower' ? log : -log);
    record[metric.metric] = failed ? null : 300 * (timedOut ? 1000 : value);
  }
  return /** @type {import('../../src/gate/paired/pair.ts').PairedRecord} */ (record);
}
