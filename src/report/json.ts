import type { RunView } from './view.ts';

/** A run as one JSON document; n/a is `null`. Ends in a line break. */
export function runJson({ manifest, rows }: RunView): string {
  return `${JSON.stringify({ schema_version: 1, manifest, rows }, null, 2)}\n`;
}
