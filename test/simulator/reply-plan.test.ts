import { describe, expect, test } from 'vitest';
import type { ChunkedReply } from '../../src/simulator/chunking.ts';
import { openaiDialect } from '../../src/simulator/dialects.ts';
import { type StreamOptions, streamPlan } from '../../src/simulator/reply-plan.ts';

const REPLY: ChunkedReply = {
  chunks: [1, 2, 1, 3].map((tokens) => ({ kind: 'content', text: 'word'.repeat(tokens), tokens })),
  toolName: null,
  finishReason: 'stop',
  completionTokens: 7,
  reasoningTokens: 0,
};

/** When each part goes out, by tokens made. */
function scheduleOf(options: Partial<StreamOptions>): number[] {
  const plan = streamPlan(REPLY, openaiDialect('id', 'm', 0), {
    earlyRole: false,
    includeUsage: true,
    continuousUsage: false,
    tokensPerFlush: 1,
    counts: { promptTokens: 1, completionTokens: 7, reasoningTokens: 0 },
    ...options,
  });
  return plan.parts.map(({ afterTokens }) => afterTokens);
}

describe('when the parts of a stream go out', () => {
  test.each<[string, Partial<StreamOptions>, number[]]>([
    ['as the tokens are made', {}, [1, 1, 3, 4, 7, 7, 7, 7]],
    ['by three tokens', { tokensPerFlush: 3 }, [3, 3, 3, 6, 7, 7, 7, 7]],
    ['all at the end', { tokensPerFlush: 100 }, [7, 7, 7, 7, 7, 7, 7, 7]],
    ['the role before all', { earlyRole: true, tokensPerFlush: 3 }, [0, 3, 3, 6, 7, 7, 7, 7]],
  ])('%s', (_, options, schedule) => {
    expect(scheduleOf(options)).toEqual(schedule);
  });
});
