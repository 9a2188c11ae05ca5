import type { Recording } from './recording.ts';

/** A request as it goes onto the wire. */
export interface HttpRequest {
  method: 'GET' | 'POST';
  /** With its query. */
  path: string;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: string | null;
}

/** Carries requests to one origin, stamping each step into the recording. */
export interface Transport {
  /** Resolves when the exchange is over and the recording has ended; never rejects. */
  exchange(request: HttpRequest, recording: Recording): Promise<void>;
  close(): Promise<void>;
}

export interface TransportOptions {
  origin: URL;
  /** PEM of an extra certificate authority. */
  ca: string | undefined;
  headerBytes: number;
}

/** Joins repeated headers as RFC 9110, 5.3 has it; lower-case names. */
export function flattenHeaders(
  headers: Record<string, string | string[] | undefined>,
): Record<string, string> {
  const flat: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name.startsWith(':')) continue;
    flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : String(value);
  }
  return flat;
}
