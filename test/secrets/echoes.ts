import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { CHUNKED, framed, head, LAST_CHUNK, type Peer, whole } from '../capture/fault-server.ts';
import { FINISH, HELLO } from '../capture/sending.ts';
import { chunk, DONE, data } from '../decode/tapes.ts';
import { CANARIES } from './canary.ts';
import { spellingsOf } from './spellings.ts';

/** All that a server knows of us, as a careless one repeats it. */
const {
  key,
  'own key': ownKey,
  'own header': ownHeader,
  'password of a proxy': password,
} = CANARIES;
export const ECHO = `You sent Bearer ${key}, api-key: ${ownKey}, x-tenant: ${ownHeader}, me:${password}.`;
const SPELLED = [key, ownKey, ownHeader].flatMap((one) => spellingsOf(one).map(([, text]) => text));

const inPieces = (text: string, length: number): string[] =>
  text.match(new RegExp(`[^]{1,${length}}`, 'g')) ?? [];
const answer = (...contents: string[]): string =>
  contents.map((content) => chunk({ content })).join('') + FINISH + DONE;
const error = (message: string): string => JSON.stringify({ error: { message, code: 'bad' } });
const compressed = (encoding: string, body: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(head({ 'content-encoding': encoding, 'content-length': String(body.length) })),
    body,
  ]);
const call = (index: number, name: string, args: string): string =>
  chunk({ tool_calls: [{ index, id: `call-${key}`, function: { name, arguments: args } }] });
const sendWhole = (bytes: string | Uint8Array) => (peer: Peer) => peer.write(bytes);
const inJson = JSON.stringify(ECHO).slice(1, -1);
const twice = JSON.stringify(inJson).slice(1, -1);
const asUnits = (text: string): string =>
  Array.from(text, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

/** Every way in which a server repeats a secret, by the name of the model that it is asked for. */
export const ECHOES: Record<string, (peer: Peer) => unknown> = {
  answer: sendWhole(whole(answer(ECHO))),
  'answer-spelled': sendWhole(whole(answer(...SPELLED.map((one) => `${one}\n`)))),
  'answer-by-units': sendWhole(whole(answer('X').replace('X', asUnits(ECHO)))),
  'answer-letter-by-letter': sendWhole(whole(answer(...inPieces(ECHO, 1)))),
  'answer-in-pieces': sendWhole(whole(answer(...inPieces(ECHO, 7)))),
  'answer-cut-off': async (peer) => {
    await peer.write(head(CHUNKED) + framed(chunk({ content: ECHO.slice(0, 30) })).toString());
    await peer.wait(30);
    peer.fin();
  },
  'body-cut-off': async (peer) => {
    await peer.write(head() + answer(ECHO).slice(0, 130));
    await peer.wait(30);
    peer.fin();
  },
  'byte-by-byte': async (peer) => {
    await peer.write(head(CHUNKED));
    for (const one of inPieces(answer(ECHO), 1)) peer.socket.write(framed(one));
    await peer.write(LAST_CHUNK);
  },
  thinking: sendWhole(whole(answer(`<think>${ECHO}`, '</think>', 'ok'))),
  reasoning: sendWhole(
    whole(
      inPieces(ECHO, 3)
        .map((reasoning_content) => chunk({ reasoning_content }))
        .join('') + answer('ok'),
    ),
  ),
  refusal: sendWhole(
    whole(
      inPieces(ECHO, 3)
        .map((refusal) => chunk({ refusal }))
        .join('') + answer('ok'),
    ),
  ),
  'tool-call': sendWhole(whole(call(0, ECHO, JSON.stringify({ at: ECHO })) + answer('ok'))),
  'tool-call-in-pieces': sendWhole(
    whole(
      inPieces(ECHO, 2)
        .map((one) => call(0, '', one))
        .join('') + answer('ok'),
    ),
  ),
  'other-choice': sendWhole(
    whole(
      inPieces(ECHO, 2)
        .map((content) => chunk({ content }, { index: 1 }))
        .join('') + answer('ok'),
    ),
  ),
  'finish-reason': sendWhole(whole(HELLO + chunk({}, { finish_reason: ECHO }) + DONE)),
  'unknown-fields': sendWhole(
    whole(HELLO + data({ choices: [], [key]: ECHO, note: { a: [ECHO] } }) + FINISH + DONE),
  ),
  comment: sendWhole(whole(`: ${ECHO}\n\n${answer('ok')}`)),
  'event-fields': sendWhole(whole(`event: ${ECHO}\nid: ${ECHO}\ndata: {}\n\n${answer('ok')}`)),
  'after-done': sendWhole(whole(answer('ok') + data(ECHO) + DONE)),
  'error-in-stream': sendWhole(whole(HELLO + data(error(ECHO)))),
  'error-event': sendWhole(whole(`${HELLO}event: error\ndata: ${ECHO}\n\n`)),
  malformed: sendWhole(whole(`${HELLO}data: {"content": ${ECHO}\n\n${DONE}`)),
  torn: sendWhole(whole(`${HELLO}data: {"content": "${inJson}`)),
  'error-400': sendWhole(whole(error(ECHO), '400 Bad Request', 'application/json')),
  'error-401-twice': sendWhole(whole(error(twice), '401 Unauthorized', 'application/json')),
  'error-401-at-500': sendWhole(
    whole(error(`${'x'.repeat(480)}${ECHO}`), '401 Unauthorized', 'application/json'),
  ),
  'error-404-text': sendWhole(whole(ECHO, '404 Not Found', 'text/plain')),
  'error-422': sendWhole(
    whole(
      JSON.stringify({ detail: [{ msg: ECHO, input: { key } }] }),
      '422 No',
      'application/json',
    ),
  ),
  'error-429': sendWhole(whole(error(encodeURIComponent(ECHO)), '429 Slow', 'application/json')),
  'error-500-page': sendWhole(
    whole(
      `<html><p title="${ECHO.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">no</html>`,
      '500 Oops',
      'text/html',
    ),
  ),
  'error-502-base64': sendWhole(
    whole(error(Buffer.from(ECHO).toString('base64')), '502 Bad', 'application/json'),
  ),
  'page-200': sendWhole(whole(`<html>${ECHO}</html>`, '200 OK', 'text/html')),
  'status-text': sendWhole(head({ 'content-length': '0' }, `503 ${ECHO}`)),
  'in-headers': sendWhole(
    head(
      {
        'content-length': '0',
        'www-authenticate': `Bearer realm="${ECHO}"`,
        'set-cookie': `session=${encodeURIComponent(ECHO)}; path=/`,
        'x-request-echo': Buffer.from(`Bearer ${key}`).toString('base64'),
        'x-litellm-call-id': ECHO,
        'x-litellm-model-id': key,
        'x-litellm-model-api-base': `https://host/${encodeURIComponent(key)}/v1`,
        [`x-${ownHeader}`]: 'in a name',
        'x-hex': Buffer.from(ECHO).toString('hex'),
      },
      '403 Forbidden',
    ),
  ),
  'in-headers-ok': sendWhole(
    head({
      'content-length': String(answer('ok').length),
      'x-litellm-call-id': ECHO,
      'content-type': `text/event-stream; charset=${key}`,
    }) + answer('ok'),
  ),
  'folded-header': sendWhole(`HTTP/1.1 200 OK\r\nx-a: b\r\n ${ECHO}\r\n\r\n`),
  redirect: sendWhole(
    head(
      {
        location: `https://${ownHeader}.example/${encodeURIComponent(key)}/${key}?k=${key}#${ECHO}`,
        'content-length': '0',
      },
      '307 Elsewhere',
    ),
  ),
  'no-http': sendWhole(`${ECHO}\r\n\r\n`),
  'no-length': sendWhole(head({ 'content-length': ECHO })),
  'chunk-extension': sendWhole(
    `${head(CHUNKED)}5;key=${key}\r\n${'data:'}\r\n${framed(` {"choices":[]}\n\n${answer('ok')}`)}0\r\nx-trailer: ${ECHO}\r\n\r\n`,
  ),
  'bad-chunk': sendWhole(`${head(CHUNKED)}${ECHO}\r\n`),
  gzip: sendWhole(compressed('gzip', gzipSync(answer(ECHO)))),
  'gzip-in-pieces': sendWhole(compressed('gzip', gzipSync(answer(...inPieces(ECHO, 2))))),
  'gzip-stored': sendWhole(compressed('gzip', gzipSync(answer(ECHO), { level: 0 }))),
  'gzip-twice': sendWhole(compressed('gzip, gzip', gzipSync(gzipSync(answer(ECHO))))),
  'gzip-cut-off': async (peer) => {
    const body = gzipSync(answer('x'.repeat(50), ECHO, ...inPieces('more and more', 1)));
    const text = Buffer.concat([
      Buffer.from(head({ 'content-encoding': 'gzip', 'content-length': String(body.length) })),
      body.subarray(0, body.length - 20),
    ]);
    await peer.write(text);
    await peer.wait(30);
    peer.fin();
  },
  'gzip-without-label': sendWhole(
    Buffer.concat([
      Buffer.from(head({ 'content-length': String(gzipSync(ECHO).length) })),
      gzipSync(ECHO),
    ]),
  ),
  deflate: sendWhole(compressed('deflate', deflateSync(answer(ECHO)))),
  brotli: sendWhole(compressed('br', brotliCompressSync(answer(ECHO)))),
  'unknown-coding': sendWhole(compressed('rot0', Buffer.from(answer(ECHO)))),
  // Compressed in a way that is not known here, or by another name.
  'coding-mislabelled': sendWhole(compressed('zstd-like', gzipSync(answer(ECHO)))),
  binary: sendWhole(
    Buffer.concat([
      Buffer.from(
        head({
          'content-length': String(4 + Buffer.byteLength(ECHO)),
          'content-type': 'application/octet-stream',
        }),
      ),
      Buffer.from([0xff, 0xfe, 0x00, 0x80]),
      Buffer.from(ECHO),
    ]),
  ),
};
