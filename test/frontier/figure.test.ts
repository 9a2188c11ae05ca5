import { describe, expect, test } from 'vitest';
import { readFigure } from '../../src/frontier/figure.ts';
import { readNeed } from '../../src/frontier/needs.ts';

test.each([
  ['cost', 'cost_per_request_usd', 'lower'],
  ['ttft', 'ttft_ms:p(50)', 'lower'],
  ['e2e', 'e2e_ms:p(50)', 'lower'],
  ['tok/s', 'decode_tokens_per_second:p(50)', 'higher'],
  ['decode_tokens_per_second', 'decode_tokens_per_second:p(50)', 'higher'],
  ['ttft_ms:p(95)', 'ttft_ms:p(95)', 'lower'],
  ['ttft_ms', 'ttft_ms:p(50)', 'lower'],
  ['score', 'score', 'higher'],
  ['accuracy', 'accuracy', 'higher'],
  ['error_rate', 'error_rate', 'lower'],
])('%s is %s, better %s', (text, name, better) => {
  expect(readFigure(text)).toMatchObject({ text: name, better });
});

test.each([
  ['prize', "'prize' is no figure to choose by"],
  ['requests_per_second', 'requests_per_second is one figure of a whole run'],
  ['ttft_ms:max', 'ttft_ms is not judged by its max'],
  ['constructor', "'constructor' is no figure"],
])('%s is refused', (text, problem) => {
  const read = readFigure(text);
  expect(read).toHaveProperty('remedy');
  expect('problem' in read && read.problem).toContain(problem);
});

describe('needs', () => {
  test.each([
    ['score>0.8', 'score'],
    ['cost<0.002', 'cost_per_request_usd'],
    ['cost{model:r1}<=0.002', 'cost_per_request_usd'],
    ['ttft_ms:p(95)<800', 'ttft_ms:p(95)'],
    ['error_rate<1%', 'error_rate'],
  ])('%s is judged again by %s', (text, figure) => {
    expect(readNeed(text)).toMatchObject({ text, figure: { text: figure } });
  });

  test.each(['cost_usd<2', 'requests_per_second>1', 'goodput_share>0.9'])(
    '%s is of a whole run, and stands as seen',
    (text) => {
      expect(readNeed(text)).toMatchObject({ text, figure: null });
    },
  );

  test.each([
    ['score', 'not a threshold'],
    ['score{suite:chat}>0.8', 'of one suite'],
    ['costs<1', "unknown metric 'costs'"],
  ])('%s is refused', (text, problem) => {
    const need = readNeed(text);
    expect('problem' in need && need.problem).toContain(problem);
  });
});
