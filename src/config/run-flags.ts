/** Flags of a run as the user typed them; what is absent was not given. */
export interface RunFlags {
  suite?: readonly string[] | undefined;
  concurrency?: string | undefined;
  order?: string | undefined;
  repeat?: string | undefined;
  warmup?: string | undefined;
  seed?: string | undefined;
  nonce?: boolean | undefined;
  tapes?: boolean | undefined;
  text?: boolean | undefined;
  output?: string | undefined;
  grade?: boolean | undefined;
  runCode?: boolean | undefined;
  runJavascript?: boolean | undefined;
  judge?: string | undefined;
  calibrate?: boolean | undefined;
  chunkRate?: string | undefined;
  lateShare?: string | undefined;
  cpuShare?: string | undefined;
  duration?: string | undefined;
  requests?: string | undefined;
  maxCost?: string | undefined;
  maxTokensTotal?: string | undefined;
  /** Of a whole request. */
  timeout?: string | undefined;
  connectTimeout?: string | undefined;
  firstTokenTimeout?: string | undefined;
  stallTimeout?: string | undefined;
}

/** `maxCost` as it is typed: `--max-cost`. */
export function flagName(flag: string): string {
  return `--${kebab(flag)}`;
}

/** `maxCost` as a variable: `TOKENTAPE_MAX_COST`. */
export function variableName(flag: string): string {
  return `TOKENTAPE_${kebab(flag).replaceAll('-', '_').toUpperCase()}`;
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
