import { expect, test } from 'vitest';
import { clientLateMs } from '../../src/metrics/client-late.ts';
import { recordOf } from '../../src/metrics/record.ts';
import { aModel, aPlannedRequest, aRecord, aReply, aTape, rowOf } from './fixtures.ts';

const reply = aReply([100, 110, 120], { firstReasoningMs: 100, firstAnswerMs: 110 });

test.each<[string, [number, number][] | undefined, number | undefined]>([
  ['nobody watched', undefined, undefined],
  ['on time', [], 0],
  ['sending was held up', [[0, 3]], 3],
  ['the first token', [[100, 4]], 4],
  ['the first answer', [[110, 5]], 5],
  ['the last token', [[120, 6]], 6],
  [
    'the worst of several',
    [
      [100, 4],
      [110, 9],
      [120, 6],
    ],
    9,
  ],
  ['a read that no latency rests on', [[105, 50]], 0],
])('%s', (_, lateMoments, lateMs) => {
  const tape = lateMoments === undefined ? {} : { lateMoments };
  expect(clientLateMs(tape, reply)).toBe(lateMs);
});

test('a late request is flagged, and its row says how many are', () => {
  const record = recordOf({
    planned: aPlannedRequest(),
    tape: aTape({ lateMoments: [[120, 6]] }),
    reply,
    outcome: { class: 'ok', message: null },
    model: aModel(),
    simulated: false,
    keepText: false,
  });
  expect(record).toMatchObject({ client_late_ms: 6, flags: ['client_late'] });
  const late = aRecord({ client_late_ms: 6, flags: ['client_late'] });
  expect(rowOf([late, aRecord(), aRecord(), aRecord()]).client_late_share).toBe(0.25);
  expect(rowOf([aRecord({ client_late_ms: null })]).client_late_share).toBeNull();
});
