import { brotliDecompressSync, constants, gunzipSync, inflateSync } from 'node:zlib';

const LAYERS = 5;

/**
 * Whether bytes give a secret away in any form that a person could undo with everyday tools: written for the
 * tests alone, and by other means than the product's own search.
 * @returns how, or `null`
 */
export function revealed(bytes: Uint8Array, secret: string): string | null {
  const wanted = secret.toLowerCase();
  const direct = inLayers(Buffer.from(bytes).toString('utf8'), wanted);
  if (direct !== null) return direct;
  const text = Buffer.from(bytes).toString('latin1');
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{12,}/g)) {
    for (let skip = 0; skip < 4; skip++) {
      const decoded = Buffer.from(run.slice(skip), 'base64');
      if (decoded.toString('utf8').toLowerCase().includes(wanted)) return 'base64';
      if (inLayers(decoded.toString('utf8'), wanted) !== null) return 'escaped in base64';
    }
  }
  for (const [run] of text.matchAll(/(?:[0-9a-f]{2}){8,}/gi)) {
    if (Buffer.from(run, 'hex').toString('utf8').toLowerCase().includes(wanted)) return 'hex';
  }
  const joined = [
    ...text.matchAll(
      /"(?:content|reasoning|reasoning_content|arguments|text)":"((?:[^"\\]|\\.)*)"/g,
    ),
  ];
  if (inLayers(joined.map(([, piece]) => piece).join(''), wanted) !== null) return 'pieces';
  return null;
}

function inLayers(text: string, wanted: string): string | null {
  let layer = text;
  for (let depth = 0; depth <= LAYERS; depth++) {
    for (const one of [layer, layer.replaceAll('+', ' ')]) {
      if (one.toLowerCase().includes(wanted)) return depth === 0 ? 'plain' : `${depth} × escaped`;
    }
    const next = unescaped(layer);
    if (next === layer) return null;
    layer = next;
  }
  return null;
}

const ESCAPE =
  /\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|((?:%[0-9a-f]{2})+)|&#x([0-9a-f]+);|&#(\d+);|&(quot|amp|lt|gt);|\\(["\\/])/gi;
const NAMED: Record<string, string> = { quot: '"', amp: '&', lt: '<', gt: '>' };

function unescaped(text: string): string {
  return text.replace(ESCAPE, (whole, u, x, percent, hex, decimal, name, plain) => {
    if (plain) return plain;
    if (name) return NAMED[name.toLowerCase()] ?? whole;
    if (percent) return Buffer.from(percent.replaceAll('%', ''), 'hex').toString('utf8');
    const code = decimal ? Number(decimal) : Number.parseInt(u ?? x ?? hex, 16);
    return code < 0x110000 ? String.fromCodePoint(code) : whole;
  });
}

/** What lies inside a file: itself, what it was packed from, and bodies of tapes as they came. */
export function contentsOf(name: string, bytes: Buffer): Buffer[] {
  const plain = name.endsWith('.gz')
    ? gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })
    : bytes;
  const contents = [plain];
  for (const line of plain.toString('utf8').split('\n')) {
    if (!line.includes('"body_encoding":')) continue;
    const tape = JSON.parse(line) as { body: string; body_encoding: BufferEncoding };
    const body = Buffer.from(tape.body, tape.body_encoding);
    contents.push(body, ...unpacked(body));
  }
  return contents;
}

function unpacked(body: Buffer): Buffer[] {
  const finishFlush = constants.Z_SYNC_FLUSH;
  return [
    () => gunzipSync(body, { finishFlush }),
    () => inflateSync(body, { finishFlush }),
    () => brotliDecompressSync(body, { finishFlush: constants.BROTLI_OPERATION_FLUSH }),
  ].flatMap((unpack) => {
    try {
      return unpack();
    } catch {
      return [];
    }
  });
}
