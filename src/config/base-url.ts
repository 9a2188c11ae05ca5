import { isLoopback } from '../capture/loopback.ts';
import { DEFAULT_PATH } from './target-schema.ts';

/**
 * An address as requests use it: no trailing slash, nor the default path where it was pasted along.
 * `/v1` is neither added nor taken away.
 * @returns what is wrong instead; it never repeats the address, which may hold a secret
 */
export function parseBaseUrl(
  text: string,
  options: { path: string; allowHttp: boolean },
): { baseUrl: string } | { message: string; remedy?: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:\/\//i.test(text)) {
    return { message: 'is not a web address', remedy: 'write it as https://host/v1' };
  }
  if (url.username !== '' || url.password !== '') {
    return { message: 'must not hold a user name or password', remedy: 'use api_key or headers' };
  }
  if (url.search !== '' || url.hash !== '') {
    return { message: 'must not have ? or #', remedy: 'end it with the path' };
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !options.allowHttp) {
    return {
      message: `would send the key unencrypted to ${url.hostname}`,
      remedy: 'use https:, or set allow_http: true',
    };
  }
  let path = url.pathname.replace(/\/+$/, '');
  if (options.path === DEFAULT_PATH && path.endsWith(DEFAULT_PATH)) {
    path = path.slice(0, -DEFAULT_PATH.length).replace(/\/+$/, '');
  }
  return { baseUrl: url.origin + path };
}
