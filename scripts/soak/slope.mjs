// A trend that a few peaks do not turn: Theil and Sen's slope, with Sen's interval.

const Z_95 = 1.959964;

/**
 * @param {readonly (readonly [number, number])[]} points at least 3, x ascending
 * @returns {{ slope: number, low: number, high: number }} with its 95 % interval by Kendall's variance
 */
export function theilSen(points) {
  const slopes = [];
  for (let i = 0; i < points.length; i++) {
    for (let j = i + 1; j < points.length; j++) {
      const [[x1, y1], [x2, y2]] = /** @type {[[number, number], [number, number]]} */ ([
        points[i],
        points[j],
      ]);
      slopes.push((y2 - y1) / (x2 - x1));
    }
  }
  slopes.sort((a, b) => a - b);
  const n = points.length;
  const half = (Z_95 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)) / 2;
  const middle = (slopes.length - 1) / 2;
  return {
    slope: (at(slopes, Math.floor(middle)) + at(slopes, Math.ceil(middle))) / 2,
    low: at(slopes, Math.floor(middle - half)),
    high: at(slopes, Math.ceil(middle + half)),
  };
}

/** @param {number[]} sorted @param {number} index */
function at(sorted, index) {
  const value = sorted[Math.min(Math.max(index, 0), sorted.length - 1)];
  if (value === undefined) throw new Error('a slope takes points');
  return value;
}

/**
 * Neighbouring seconds say the same, so a trend is laid through one value of each stretch of time.
 * @param {readonly (readonly [number, number])[]} points
 * @param {number} width of a stretch, in the unit of x
 * @param {(values: number[]) => number} pick
 * @returns {[number, number][]} the middle of each stretch, and its value
 */
export function stretches(points, width, pick) {
  /** @type {Map<number, number[]>} */
  const byStretch = new Map();
  for (const [x, y] of points) {
    const stretch = Math.floor(x / width);
    byStretch.set(stretch, [...(byStretch.get(stretch) ?? []), y]);
  }
  return [...byStretch].map(([stretch, values]) => [(stretch + 0.5) * width, pick(values)]);
}

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return at(sorted, sorted.length >> 1);
}
