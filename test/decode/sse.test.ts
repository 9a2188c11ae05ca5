import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SseDecoder, type SseEvent } from '../../src/decode/sse.ts';

interface Decoded {
  events: SseEvent[];
  pending: string | null;
  replacements: number;
  comments: number;
}

function decode(...pushes: (string | Uint8Array)[]): Decoded {
  const events: SseEvent[] = [];
  const sse = new SseDecoder((event) => events.push(event));
  for (const bytes of pushes) sse.push(Buffer.from(bytes as string));
  sse.end();
  const { pending, replacements, comments } = sse;
  return { events, pending, replacements, comments };
}

function dataOf(...pushes: (string | Uint8Array)[]): string[] {
  return decode(...pushes).events.map((event) => event.data);
}

const bytewise = (bytes: Uint8Array): Uint8Array[] => Array.from(bytes, (b) => Uint8Array.of(b));

describe('lines and fields', () => {
  test.each<[string, string, Partial<SseEvent>[]]>([
    ['with and without the space', 'data:a\n\ndata: b\n\n', [{ data: 'a' }, { data: 'b' }]],
    ['one space is taken, not two', 'data:  a\n\n', [{ data: ' a' }]],
    ['several data lines', 'data: a\ndata\ndata: b\n\n', [{ data: 'a\n\nb' }]],
    ['no data, no event', 'event: ping\nid: 7\n\n', []],
    ['empty data is data', 'data\n\ndata:\n\n', [{ data: '' }, { data: '' }]],
    ['a type lasts for one event', 'event: a\n\ndata: b\n\n', [{ event: 'message' }]],
    ['an empty type is none', 'event:\ndata: a\n\n', [{ event: 'message' }]],
    ['an id lasts', 'id: 1\ndata: a\n\ndata: b\n\n', [{ id: '1' }, { id: '1' }]],
    ['an empty id resets it', 'id: 1\n\nid\ndata: a\n\n', [{ id: '' }]],
    ['NUL in an id', 'id: 1\nid: 2\0\ndata: a\n\n', [{ id: '1' }]],
    ['names are exact', 'Data: a\ndatax: b\n data: c\ndat: d\n\n', []],
    ['comments', ': a\n:\ndata: b\n\n', [{ data: 'b' }]],
    ['retry is ignored', 'retry: 10\ndata: a\n\n', [{ data: 'a' }]],
    [
      'other separators of text are no line ends',
      'data: a\u2028b\u0085c\u000bd\u000ce\n\n',
      [{ data: 'a\u2028b\u0085c\u000bd\u000ce' }],
    ],
    ['BOM, once', '\ufeffdata: a\n\n\ufeffdata: b\n\n', [{ data: 'a' }]],
    ['BOM inside data stays', 'data: a\ndata:\ufeffb\n\n', [{ data: 'a\n\ufeffb' }]],
    ['an unfinished event is not dispatched', 'data: a\n', []],
  ])('%s', (_, text, expected) => {
    const whole = decode(text).events;
    expect(whole).toMatchObject(expected);
    expect(whole).toHaveLength(expected.length);
    expect(decode(...bytewise(Buffer.from(text))).events).toEqual(whole);
  });

  test('counts comments', () => {
    expect(decode(': a\n:b\n\n:').comments).toBe(3);
  });
});

describe('an event is emitted at the byte that completes it', () => {
  test.each([
    ['LF', 'data: a\n\n'],
    ['CR', 'data: a\r\r'],
    ['CRLF', 'data: a\r\n\r'],
    ['CR, then LF', 'data: a\n\r'],
  ])('%s', (_, text) => {
    const events: SseEvent[] = [];
    const sse = new SseDecoder((event) => events.push(event));
    const bytes = Buffer.from(text);
    sse.push(bytes.subarray(0, -1));
    expect(events).toHaveLength(0);
    sse.push(bytes.subarray(-1));
    expect(events).toHaveLength(1);
  });

  test('the LF after a CR at the end of a push is swallowed, also after an empty push', () => {
    expect(dataOf('data: a\r', '', '\ndata: b\r', '\n', '\r', '\n')).toEqual(['a\nb']);
  });

  test('bytes may be reused by the caller after a push', () => {
    const events: SseEvent[] = [];
    const sse = new SseDecoder((event) => events.push(event));
    const shared = Buffer.from('data: torn');
    sse.push(shared);
    shared.fill(0x2a);
    sse.push(Buffer.from(' apart\n\n'));
    expect(events.map((event) => event.data)).toEqual(['torn apart']);
  });
});

describe('pending', () => {
  test.each([
    ['data: [DONE]\n', '[DONE]'],
    ['data: [DONE]', '[DONE]'],
    ['data: a\ndata: b', 'a\nb'],
    ['data: a\n\ndata', ''],
    ['data: a\n\n', null],
    ['data: a\n\ndat', null],
    ['data: a\n\n: note', null],
    ['', null],
  ])('%j leaves %j', (text, pending) => {
    expect(decode(text).pending).toBe(pending);
    expect(decode(...bytewise(Buffer.from(text))).pending).toBe(pending);
  });

  test('names its type', () => {
    const sse = new SseDecoder(() => {});
    sse.push(Buffer.from('event: ping\ndata: [DONE]'));
    sse.end();
    expect(sse.pendingEvent).toBe('ping');
  });
});

describe('UTF-8', () => {
  test.each<[string, number[], string, number]>([
    ['a stray byte', [0x61, 0xff, 0x62], 'a\ufffdb', 1],
    ['a torn sequence is one', [0xe2, 0x82, 0x62], '\ufffdb', 1],
    ['an overlong one is one per byte', [0xc0, 0x80], '\ufffd\ufffd', 2],
    ['a surrogate', [0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd', 3],
    ['sent as such', [0xef, 0xbf, 0xbd], '\ufffd', 0],
    ['sent as such after a torn one', [0xf0, 0x9f, 0xef, 0xbf, 0xbd], '\ufffd\ufffd', 1],
  ])('%s', (_, bytes, text, replacements) => {
    const line = Buffer.concat([Buffer.from('data:'), Buffer.from(bytes), Buffer.from('\n\n')]);
    for (const pushes of [[line], bytewise(line)]) {
      const decoded = decode(...pushes);
      expect(decoded.events.map((event) => event.data)).toEqual([text]);
      expect(decoded.replacements).toBe(replacements);
    }
  });

  test('a character torn by the end of the body is no fault of the sender', () => {
    const decoded = decode(Buffer.from('data: 日').subarray(0, -1));
    expect(decoded).toMatchObject({ pending: '\ufffd', replacements: 0 });
  });

  test('decodes as the WHATWG decoder does', () => {
    const whatwg = new TextDecoder('utf-8', { ignoreBOM: true });
    const pool = [
      0x41, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc2, 0xe0, 0xed, 0xef, 0xbb, 0xbd, 0xf0, 0xf4,
    ];
    const bytes = fc.array(fc.constantFrom(...pool), { maxLength: 12 });
    fc.assert(
      fc.property(bytes, (value) => {
        const body = Buffer.from([...Buffer.from('data:'), ...value, 0x0a, 0x0a]);
        expect(dataOf(body)).toEqual([whatwg.decode(Uint8Array.from(value))]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('properties', () => {
  const field = fc.constantFrom(
    'data: ',
    'data:',
    'data',
    'event: ',
    'id: ',
    ': ',
    'x: ',
    '\ufeff',
  );
  const text = fc.string({ unit: fc.constantFrom('a', ' ', ':', 'é', '日', '🙂', '\0', '\u2028') });
  const line = fc.tuple(field, text).map(([name, value]) => name + value);
  const lines = fc.array(fc.oneof(line, fc.constant('')), { maxLength: 20 });

  test('any split gives the same', () => {
    const body = fc
      .array(fc.oneof(line, fc.constantFrom('\n', '\r', '\r\n', '\n\n', '\r\r')))
      .map((parts) => Buffer.from(parts.join('')));
    fc.assert(
      fc.property(body, fc.array(fc.nat()), (bytes, places) => {
        const cuts = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
        const pushes = [...cuts, bytes.length].map((cut, i) =>
          bytes.subarray(cuts[i - 1] ?? 0, cut),
        );
        expect(decode(...pushes)).toEqual(decode(bytes));
      }),
      { numRuns: 500 },
    );
  });

  test('any mix of line ends gives the same', () => {
    const ends = fc.infiniteStream(fc.constantFrom('\n', '\r', '\r\n'));
    fc.assert(
      fc.property(lines, ends, (all, end) => {
        const mixed = all.map((each) => each + (end.next().value as string)).join('');
        const plain = all.map((each) => `${each}\n`).join('');
        // A CR before an empty line with LF is one CRLF, and so another text.
        fc.pre(countLines(mixed) === all.length);
        expect(decode(mixed)).toEqual(decode(plain));
      }),
      { numRuns: 500 },
    );
  });

  test('what is written is read', () => {
    const value = fc.string({ unit: 'grapheme' }).filter((each) => !/[\r\n]/.test(each));
    fc.assert(
      fc.property(fc.array(fc.array(value, { minLength: 1 })), (events) => {
        const body = events.map((each) => `${each.map((one) => `data: ${one}\n`).join('')}\n`);
        expect(dataOf(body.join(''))).toEqual(events.map((each) => each.join('\n')));
      }),
    );
  });
});

function countLines(text: string): number {
  return text.split(/\r\n|\r|\n/).length - 1;
}

describe('linear cost', () => {
  const MIB = 1024 * 1024;

  /** Best of three, so that a busy machine has to be busy three times. */
  function bestMs(run: () => void): number {
    const times = [0, 1, 2].map(() => {
      const startMs = performance.now();
      run();
      return performance.now() - startMs;
    });
    return Math.min(...times);
  }

  // 16 times the work; quadratic cost would be 256 times, and a real one is near 16.
  test.each<[string, (size: number) => void]>([
    ['a line in 1-byte pushes', (size) => pushEach(bytewise(Buffer.alloc(size, 'data: x')))],
    ['many data lines', (size) => decode('data: x\n'.repeat(size), '\n')],
    ['many comments without a CR', (size) => decode(':\n'.repeat(size))],
    ['many comments without an LF', (size) => decode(':\r'.repeat(size))],
    ['a line that ends with each push', (size) => pushEach(Array(size).fill(TORN_LINES))],
  ])('%s', (_, run) => {
    const small = bestMs(() => run(8 * 1024));
    const large = bestMs(() => run(128 * 1024));
    expect(large).toBeLessThan(100 * Math.max(small, 0.2));
  });

  test('one line of 64 MiB in small reads', () => {
    const sse = new SseDecoder((event) => {
      length = event.data.length;
    });
    let length = 0;
    sse.push(Buffer.from('data: '));
    // Quadratic copying would move 256 GiB here, far past the test's time limit.
    for (let i = 0; i < 64 * 128; i++) sse.push(Buffer.alloc(MIB / 128, 'y'));
    sse.push(Buffer.from('\n\n'));
    expect(length).toBe(64 * MIB);
  });
});

const TORN_LINES = Buffer.from('x\ndata: y');

function pushEach(pushes: readonly Uint8Array[]): void {
  const sse = new SseDecoder(() => {});
  for (const bytes of pushes) sse.push(bytes);
  sse.end();
}
