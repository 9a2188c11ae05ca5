import type { ServerResponse } from 'node:http';
import type { Work } from './batching.ts';
import type { Part, ReplyPlan } from './reply-plan.ts';
import { Wire } from './wire.ts';

/** A reply that goes on forever waits while a slow client has so much left to read. */
const BACKLOG_LIMIT_BYTES = 2 ** 20;

/** What a player needs of the world around it. */
export interface Stage {
  /** Asks the model's engine for tokens; `progress` is called as they are made. */
  submit(player: ReplyPlayer): void;
  /** Gives the slot in the engine back. */
  cancel(player: ReplyPlayer): void;
  /** Called once: all was sent as planned, or the client left before. */
  ended(player: ReplyPlayer, how: 'finished' | 'aborted'): void;
}

/**
 * Plays one reply on its connection: each part when the engine has made the tokens it waits for,
 * and when the pauses before it are over.
 */
export class ReplyPlayer implements Work {
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Tokens of the model that were sent. */
  tokensSent = 0;
  readonly #plan: ReplyPlan;
  readonly #wire: Wire;
  readonly #stage: Stage;
  #next = 0;
  #tokensMade = 0;
  #submitted = false;
  #ended = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    response: ServerResponse,
    plan: ReplyPlan,
    work: { promptTokens: number; outputTokens: number },
    stage: Stage,
  ) {
    this.promptTokens = work.promptTokens;
    this.outputTokens = work.outputTokens;
    this.#plan = plan;
    this.#wire = new Wire(response, plan);
    this.#stage = stage;
    response.on('close', () => this.leave());
  }

  start(): void {
    if (this.#plan.headersDelayMs > 0) this.#pause(this.#plan.headersDelayMs);
    else this.#pump();
  }

  /** Told by the engine how many tokens there are now. */
  progress(tokensMade: number): void {
    this.#tokensMade = tokensMade;
    if (this.#timer === undefined && !this.#ended) this.#pump();
  }

  #pause(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#pump();
    }, ms);
  }

  /** Sends all that is due in one write, up to the next wait. */
  #pump(): void {
    const due: Part[] = [];
    let pauseMs = 0;
    for (; this.#next < this.#plan.parts.length; this.#next++) {
      const part = this.#plan.parts[this.#next] as Part;
      if (part.pauseMs > 0) {
        pauseMs = part.pauseMs;
        part.pauseMs = 0;
        break;
      }
      if (part.afterTokens > this.#tokensMade) break;
      due.push(part);
    }
    this.#send(due);
    if (pauseMs > 0) this.#pause(pauseMs);
    else if (this.#next < this.#plan.parts.length) this.#submitOnce();
    else this.#finish();
  }

  #submitOnce(): void {
    if (this.#submitted) return;
    this.#submitted = true;
    this.#stage.submit(this);
  }

  #send(due: readonly Part[]): void {
    const [first] = due;
    if (first === undefined) return;
    this.#wire.open();
    for (const part of due) this.tokensSent += part.tokens;
    this.#wire.write(due.length === 1 ? first.bytes : Buffer.concat(due.map((part) => part.bytes)));
  }

  #finish(): void {
    const { forever } = this.#plan;
    this.#wire.open();
    if (forever === null) {
      this.#end('finished');
      this.#wire.finish();
      return;
    }
    this.#timer = setInterval(() => {
      if (this.#wire.backlogBytes < BACKLOG_LIMIT_BYTES) this.#wire.write(forever.bytes);
    }, forever.everyMs);
  }

  /** Gives up what is left to send, as nobody will read it. */
  leave(): void {
    clearTimeout(this.#timer);
    this.#end('aborted');
  }

  #end(how: 'finished' | 'aborted'): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#submitted) this.#stage.cancel(this);
    this.#stage.ended(this, how);
  }
}
