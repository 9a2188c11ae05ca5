/** One mistake in a file that a person wrote, with its place and its remedy. */
export interface Problem {
  file: string;
  /** 1-based. */
  line: number;
  column: number;
  /** Dotted, as `models.0.temperature`; empty for the whole file. */
  path: string;
  message: string;
  remedy?: string;
}
