// Plain values that many checks need one of.

/** @type {any} */
export const PLANNED = {
  requestId: 'r00001',
  target: 'one',
  model: 'm',
  suite: 's',
  caseId: 'c',
  phase: 'measure',
  repeat: 0,
  conversationId: 'v00001',
  turn: 0,
  turnCount: 1,
  pairId: null,
  arm: null,
  scheduledMs: null,
  messages: [{ role: 'user', content: 'x' }],
  nonce: null,
  parameters: {},
  expect: [],
  reference: null,
  gradedTurns: 0,
  costUpperUsd: null,
  outputTokensUpper: null,
};

/** @type {any} */
export const TARGET = {
  name: 'one',
  baseUrl: 'https://models.example.com/v1',
  path: '/chat/completions',
  apiKey: undefined,
  dialect: 'openai',
  protocol: 'http/1.1',
  headers: {},
  models: [
    {
      name: 'm',
      label: 'm',
      price: { input_per_mtok: 1, output_per_mtok: 2 },
      tags: [],
      parameters: {},
    },
  ],
  caFile: undefined,
  simulated: false,
};
