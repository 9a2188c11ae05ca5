import { quantile } from '../stats/quantile.ts';
import { Column } from './column.ts';
import type { RequestRecord, TokenCheck } from './types.ts';

/** What an end-of-text token, tags and the frame of a tool call may make up between the two. */
const FEW_TOKENS = 5;
const FEW_SHARE = 0.02;

/** Holds the server's usage against the tokenizer's count, request by request. */
export class TokenChecker {
  readonly #ratios = new Column();
  #differing = 0;

  /**
   * Takes an ok request with both counts; any other is passed over. A request differs where its
   * counts are more than 5 tokens and more than 2 % apart.
   */
  add(record: Pick<RequestRecord, 'tokenizer_output_tokens' | 'token_difference'>): void {
    // Records of older runs have neither.
    const { tokenizer_output_tokens: counted = null, token_difference: difference = null } = record;
    if (counted === null || difference === null) return;
    const byUsage = counted - difference;
    if (byUsage <= 0) return;
    this.#ratios.push(counted / byUsage);
    const apart = Math.abs(difference);
    if (apart > FEW_TOKENS && apart > FEW_SHARE * byUsage) this.#differing++;
  }

  result(): TokenCheck | null {
    const ratio = quantile(this.#ratios.entries().toSorted(), 0.5);
    return ratio === undefined
      ? null
      : { compared: this.#ratios.count, ratio_p50: ratio, differing: this.#differing };
  }
}
