import { type JsonObject, jsonText } from '../json.ts';
import type { RunView } from './view.ts';

/**
 * A run as one JSON document; n/a is `null`. Ends in a line break.
 * @param more what else the document is to hold, as the verdicts on thresholds
 */
export function runJson({ manifest, rows }: RunView, more: JsonObject = {}): string {
  return `${jsonText({ schema_version: 1, manifest, rows, ...more }, 2)}\n`;
}
