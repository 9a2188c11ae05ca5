declare module 'proxy-from-env' {
  /** The proxy for `url` by `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, or `''`. */
  export function getProxyForUrl(url: string | URL): string;
}
