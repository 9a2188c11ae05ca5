import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HandOver } from '../../src/load/hand-over.ts';
import type { Report } from '../../src/load/protocol.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

type TapeReport = Extract<Report, { type: 'tape' }>;

/** Only what a hand-over looks at. */
function tapeOf(requestId: string, turn = 0, turnCount = 1): Report {
  const tape = {
    requestId,
    body: new Uint8Array(3),
    arrivalsMs: new Float64Array(1),
    arrivalBytes: new Uint32Array(1),
  };
  return { type: 'tape', request: { requestId, turn, turnCount }, tape } as TapeReport;
}

function handingOver() {
  const posts: { ids: string[]; buffers: number }[] = [];
  const idOf = (report: Report) => ('tape' in report ? report.tape.requestId : report.type);
  const handOver = new HandOver((reports, transfer) =>
    posts.push({ ids: reports.map(idOf), buffers: transfer.length }),
  );
  return { handOver, posts };
}

test('tapes go together, a tenth of a second after the first of them', () => {
  const { handOver, posts } = handingOver();
  handOver.give(tapeOf('a'));
  vi.advanceTimersByTime(60);
  handOver.give(tapeOf('b'));
  expect(posts).toEqual([]);
  vi.advanceTimersByTime(40);
  expect(posts).toEqual([{ ids: ['a', 'b'], buffers: 6 }]);
  vi.advanceTimersByTime(1000);
  handOver.give(tapeOf('c'));
  vi.advanceTimersByTime(100);
  expect(posts.slice(1)).toEqual([{ ids: ['c'], buffers: 3 }]);
});

test('what somebody waits for goes at once, behind what came before it', () => {
  const { handOver, posts } = handingOver();
  handOver.give({ type: 'ready' });
  handOver.give(tapeOf('a'));
  handOver.give(tapeOf('first turn', 0, 2));
  handOver.give(tapeOf('last turn', 1, 2));
  handOver.give({ type: 'finished' } as Report);
  expect(posts.map(({ ids }) => ids)).toEqual([
    ['ready'],
    ['a', 'first turn'],
    ['last turn', 'finished'],
  ]);
  vi.advanceTimersByTime(1000);
  expect(posts).toHaveLength(3);
});
