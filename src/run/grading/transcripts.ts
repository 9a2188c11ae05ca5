import type { RequestRecord } from '../../metrics/types.ts';
import type { PlannedRequest } from '../../plan/types.ts';
import type { ChatMessage } from '../../suite/types.ts';
import type { Said } from './answered.ts';

/** What was said in the conversations under way; of one that ended nothing is kept. */
export class Transcripts {
  readonly #open = new Map<string, readonly ChatMessage[]>();

  /** Takes the reply to a turn, and gives what was said before it. */
  take(
    planned: PlannedRequest,
    { outcome }: Pick<RequestRecord, 'outcome'>,
    { answerText }: Pick<Said, 'answerText'>,
  ): readonly ChatMessage[] {
    const { conversationId, turn, turnCount, messages } = planned;
    const history = this.#open.get(conversationId) ?? [];
    if (outcome === 'ok' && turn < turnCount - 1) {
      const said: ChatMessage = { role: 'assistant', content: answerText };
      this.#open.set(conversationId, [...history, ...messages, said]);
    } else {
      this.#open.delete(conversationId);
    }
    return history;
  }

  /** A conversation that is not gone on with. */
  end({ conversationId }: Pick<PlannedRequest, 'conversationId'>): void {
    this.#open.delete(conversationId);
  }
}
