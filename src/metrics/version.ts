/**
 * Version of the metric definitions: raised with every change of a formula in `metrics/`, `decode/` or
 * `stats/` that changes a figure of an unchanged run. Figures of two versions are not compared.
 * @see docs/metrics.md
 */
export const METRICS_VERSION = 1;

/** Of runs whose manifest does not say. */
export const FIRST_METRICS_VERSION = 1;
