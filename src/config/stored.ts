import { usageError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { DialectName, Model, Protocol, Slo, Target } from './types.ts';

/** What the manifest keeps of a target; see `publicConfig`. */
interface StoredTarget {
  name: string;
  base_url: string;
  path: string;
  dialect: DialectName;
  protocol: Protocol;
  simulated: boolean;
  models: Model[] | 'subscribed';
}

/**
 * The targets of a run as it resolved them, prices included: a later change of the config changes
 * nothing about what was measured. Keys, headers and certificates are not kept, so nothing can be
 * sent to them.
 * @param config `manifest.config`
 * @throws TokentapeError (exit 2) where it holds none
 */
export function storedTargets(config: JsonObject): (Target & { models: Model[] })[] {
  const targets = config.targets as unknown as StoredTarget[] | undefined;
  if (!Array.isArray(targets)) throw usageError('the manifest says nothing of the targets');
  return targets.map(({ name, base_url, path, dialect, protocol, simulated, models }) => ({
    name,
    baseUrl: base_url,
    path,
    apiKey: undefined,
    dialect,
    protocol,
    headers: {},
    caFile: undefined,
    simulated,
    models:
      models === 'subscribed'
        ? []
        : models.map(({ name: model, label, price, tags, parameters }) => ({
            name: model,
            label,
            price,
            tags,
            parameters,
          })),
  }));
}

/** The settings of a run that its figures depend on. */
export function storedSettings(config: JsonObject): {
  keepText: boolean;
  keepTapes: boolean;
  slo: Slo;
} {
  const settings = (config.settings ?? {}) as JsonObject;
  return {
    keepText: settings.keep_text !== false,
    keepTapes: settings.keep_tapes !== false,
    slo: (settings.slo ?? {}) as Slo,
  };
}
