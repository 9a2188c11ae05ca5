import { z } from 'zod';
import type { Problem } from '../diagnostics/types.ts';
import { parseBaseUrl } from './base-url.ts';
import type { LoadedConfig } from './load.ts';
import { DEFAULT_PATH } from './target-schema.ts';

const looseTarget = z.object({
  base_url: z.string(),
  path: z.string().catch(DEFAULT_PATH),
  allow_http: z.boolean().catch(false),
});
const looseConfig = z.object({ targets: z.record(z.string(), looseTarget.nullable().catch(null)) });

/**
 * What is wrong with the addresses that stand in the file themselves, used or not, and whatever else is
 * wrong with it. One that holds variables can be read only once its target is used.
 */
export function checkAddresses({ data, file, locate }: LoadedConfig): Problem[] {
  const targets = looseConfig.safeParse(data).data?.targets ?? {};
  return Object.entries(targets).flatMap(([name, target]) => {
    if (target === null || target.base_url === '' || target.base_url.includes('${')) return [];
    const { path, allow_http: allowHttp } = target;
    const parsed = parseBaseUrl(target.base_url, { path, allowHttp });
    if ('baseUrl' in parsed) return [];
    const place = ['targets', name, 'base_url'];
    return [{ file: file ?? '', ...locate(place), path: place.join('.'), ...parsed }];
  });
}
