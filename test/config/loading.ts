import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoadedConfig, loadConfig } from '../../src/config/load.ts';

/** A new folder with these files in it. */
export function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tokentape-config-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** `text` as the `bench.config.yaml` of a new folder, loaded from there. */
export function load(text: string, env: Record<string, string> = {}): LoadedConfig {
  return loadConfig({ cwd: folderWith({ 'bench.config.yaml': text }), env });
}
