/** What code under test may use up. */
export interface SandboxLimits {
  /** For all tests of one answer together; the start of the process does not count. */
  timeoutMs: number;
  memoryBytes: number;
}

/** As figures have it in a reason: «512 MiB». */
export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

/** «5 s», «0.3 s». */
export function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
