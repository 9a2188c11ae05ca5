import { type FaultServer, type Peer, startFaultServer } from './fault-server.ts';

const TYPES = {
  data: 0,
  headers: 1,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  continuation: 9,
} as const;
const END_HEADERS = 4;
const END_STREAM = 1;
const ACK = 1;

function frame(type: keyof typeof TYPES, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = TYPES[type];
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

function uint32(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [index, number] of numbers.entries()) bytes.writeUInt32BE(number, index * 4);
  return bytes;
}

/** Frames for the first request of a client, which is stream 1 (RFC 9113, 6). */
export const frames = {
  /** `:status 200` and `content-type: text/event-stream`, by HPACK's static table. */
  headers: (): Buffer => {
    const type = Buffer.from('text/event-stream');
    const block = Buffer.concat([Buffer.from([0x88, 0x0f, 0x10, type.length]), type]);
    return frame('headers', END_HEADERS, 1, block);
  },
  /** The beginning of a head that goes on in continuations. */
  headersBegun: (): Buffer => frame('headers', 0, 1, Buffer.from([0x88])),
  continuation: (bytes: number): Buffer => {
    // A literal header without indexing, its name `x`, its value of so many bytes.
    const field = Buffer.from([0, 1, 0x78, 0x7f, 0x80 | ((bytes - 127) & 127), (bytes - 127) >> 7]);
    return frame('continuation', 0, 1, Buffer.concat([field, Buffer.alloc(bytes, 'v')]));
  },
  ping: (): Buffer => frame('ping', 0, 0, Buffer.alloc(8)),
  settings: (): Buffer => frame('settings', 0, 0, Buffer.from([0, 3, 0, 0, 0, 100])),
  data: (text: string): Buffer => frame('data', 0, 1, Buffer.from(text)),
  rstStream: (code: number): Buffer => frame('rstStream', 0, 1, uint32(code)),
  goaway: (code: number, lastStream: number): Buffer =>
    frame('goaway', 0, 0, uint32(lastStream, code)),
  /** DATA on stream 0, which no peer may send. */
  strayData: (text: string): Buffer => frame('data', 0, 0, Buffer.from(text)),
  /** A RST_STREAM of three bytes, where four are its only size. */
  shortReset: (): Buffer => frame('rstStream', 0, 1, Buffer.from([0, 0, 0])),
  /** HEADERS whose block points past the end of HPACK's tables. */
  brokenHeaders: (): Buffer => frame('headers', END_HEADERS, 1, Buffer.from([0xff, 0xff, 0x7f])),
  /** The head of a DATA frame that is larger than any peer was allowed to send. */
  hugeFrame: (): Buffer => Buffer.from([0xff, 0xff, 0xff, TYPES.data, 0, 0, 0, 0, 1]),
};

/**
 * A server of HTTP/2 that writes its frames by hand, to say what `node:http2` would not: it greets,
 * and plays once the client has sent the headers of its request.
 * @param onBody told instead once the client has sent all of its request's body
 */
export function startFrameServer(
  play: (peer: Peer) => unknown,
  onBody?: (peer: Peer, body: string) => unknown,
  secure?: { key: string; cert: string },
): Promise<FaultServer> {
  return startFaultServer(() => {}, {
    ...(secure !== undefined && { secure: { ...secure, ALPNProtocols: ['h2'] } }),
    onConnection: (peer) => {
      let received = Buffer.alloc(0);
      let body = '';
      let offset = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'.length;
      void peer.write(frame('settings', 0, 0, Buffer.alloc(0)));
      peer.socket.on('data', (bytes: Buffer) => {
        received = Buffer.concat([received, bytes]);
        while (received.length >= offset + 9) {
          const length = received.readUIntBE(offset, 3);
          if (received.length < offset + 9 + length) return;
          const type = received[offset + 3];
          const isAck = ((received[offset + 4] ?? 0) & ACK) !== 0;
          if (type === TYPES.settings && !isAck) {
            void peer.write(frame('settings', ACK, 0, Buffer.alloc(0)));
          }
          if (type === TYPES.headers) void play(peer);
          if (type === TYPES.data) {
            body += received.toString('utf8', offset + 9, offset + 9 + length);
            const isLast = ((received[offset + 4] ?? 0) & END_STREAM) !== 0;
            if (isLast) void onBody?.(peer, body);
          }
          offset += 9 + length;
        }
      });
    },
  });
}
