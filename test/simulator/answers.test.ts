import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { composeAnswer } from '../../src/simulator/answers.ts';
import { type ChatRequest, parseChatRequest } from '../../src/simulator/chat-request.ts';
import { chunkReply } from '../../src/simulator/chunking.ts';
import type { AnswerBook } from '../../src/simulator/options.ts';
import { type ModelProfile, PROFILES, SIMULATED_MODELS } from '../../src/simulator/profiles.ts';
import { promptKey } from '../../src/simulator/prompt.ts';
import { tokenize } from '../../src/simulator/tokens.ts';

const modelOf = (name: string): ModelProfile => PROFILES.default.get(name) as ModelProfile;
const CHAT = modelOf('LLama-3.3-70B-Instruct');

function requestOf(prompt: string, extra: object = {}): ChatRequest {
  const body = { model: 'm', messages: [{ role: 'user', content: prompt }], ...extra };
  return parseChatRequest(JSON.stringify(body)) as ChatRequest;
}
const say = (model: ModelProfile, prompt: string, book: AnswerBook = {}, seed = 's') =>
  composeAnswer({ ...model, skill: 1 }, requestOf(prompt), seed, book).content;
const bookOf = (prompt: string, right: string, wrong = 'no'): AnswerBook => ({
  [promptKey(prompt)]: { right, wrong },
});

describe('known prompts', () => {
  test.each([
    ['How many?', '42', /\S[\s\S]*\n\nAnswer: 42$/],
    ['いくつですか。', '42', /。\n\n答え: 42$/],
    ['Bao nhiêu quả táo còn lại ở đó?', '42', /\n\nĐáp án: 42$/],
    ['How many? End with "ANSWER: <n>".', '42', /\n\nANSWER: 42$/],
    ['How many? Reply with only the number.', '42', /^42$/],
    ['If only 5 remain, how many left?', '42', /\n\nAnswer: 42$/],
    ['What is it? Number only.', '42', /^42$/],
    ['Is it allowed?', 'safe', /^safe$/],
    ['Write it.', 'def f(x):\n    return x\n', /\S\n\n```python\ndef f\(x\):\n {4}return x\n```$/],
    ['Give JSON.', '{"a": 1}', /^\{"a": 1\}$/],
    ['Label it.', 'unsafe\nS2', /^unsafe\nS2$/],
  ])('%s', (prompt, right, form) => {
    expect(say(CHAT, prompt, bookOf(prompt, right))).toMatch(form);
  });

  test('the nonce line changes neither the key nor the answer', () => {
    const prompt = 'How many are left?';
    const nonced = `[tokentape nonce 1f-7]\n${prompt}`;
    expect(promptKey(nonced)).toBe(promptKey(prompt));
    const request = { ...requestOf(nonced) };
    const book = bookOf(prompt, '7', '8');
    expect(composeAnswer(CHAT, request, 's', book)).toEqual(
      composeAnswer(CHAT, requestOf(prompt), 's', book),
    );
  });

  test('right as often as the skill says, and the same each time', () => {
    const rightOf = (seed: string) =>
      Array.from({ length: 400 }, (_, n) => {
        const prompt = `Question ${n}`;
        const { content } = composeAnswer(CHAT, requestOf(prompt), seed, bookOf(prompt, 'yes'));
        return content.endsWith('yes');
      });
    const share = rightOf('a').filter(Boolean).length / 400;
    expect(Math.abs(share - CHAT.skill)).toBeLessThan(0.06);
    expect(rightOf('a')).toEqual(rightOf('a'));
    expect(rightOf('a')).not.toEqual(rightOf('b'));
  });

  test('working holds no digit that could be taken for the answer', () => {
    for (const prompt of ['How many?', 'いくつですか。', 'Có bao nhiêu ở đó?']) {
      const numbers = say(CHAT, prompt, bookOf(prompt, '31')).match(/\d+/g);
      expect(numbers).toEqual(['31']);
    }
  });
});

describe('conversations', () => {
  const turns = ['Start at 3.', 'Double it.', 'And again.'];
  const book: AnswerBook = Object.fromEntries(
    turns.map((_, index) => [
      promptKey(...turns.slice(0, index + 1)),
      { right: `right ${index}`, wrong: `wrong ${index}`, form: 'exact' as const },
    ]),
  );
  const talk = (opening: string, model = CHAT): string[] => {
    const said: string[] = [];
    const messages: { role: string; content: string }[] = [{ role: 'system', content: opening }];
    for (const content of turns) {
      messages.push({ role: 'user', content });
      const request = parseChatRequest(JSON.stringify({ model: 'm', messages })) as ChatRequest;
      said.push(composeAnswer(model, request, 's', book).content);
      messages.push({ role: 'assistant', content: said.at(-1) ?? '' });
    }
    return said;
  };

  test('are answered right throughout or wrong throughout, with the skill as the share of right ones', () => {
    const talks = Array.from({ length: 300 }, (_, n) => talk(`Talk ${n}.`));
    for (const [first = '', ...rest] of talks) {
      const word = first.split(' ')[0] ?? '';
      expect(rest.every((said) => said.startsWith(word))).toBe(true);
    }
    const share = talks.filter(([first]) => first?.startsWith('right')).length / 300;
    expect(Math.abs(share - CHAT.skill)).toBeLessThan(0.07);
  });

  test('are known by all that the user has said', () => {
    expect(talk('x', { ...CHAT, skill: 1 })).toEqual(['right 0', 'right 1', 'right 2']);
    expect(promptKey('a', 'b')).not.toBe(promptKey('b'));
    expect(promptKey('[tokentape nonce 1-1]\na', 'b')).toBe(promptKey('a', 'b'));
  });
});

describe('the dress of an answer', () => {
  const said = (prompt: string, known: AnswerBook[string], seeds = 60): Set<string> =>
    new Set(
      Array.from({ length: seeds }, (_, seed) =>
        say(CHAT, prompt, { [promptKey(prompt)]: known }, String(seed)),
      ),
    );

  test.each([
    ['Number only.', '1234.5', ['1234.5', '1,234.5']],
    ['数字だけで答えてください。', '1234', ['1,234', '1234', '１２３４']],
    ['Chỉ viết số.', '1234.5', ['1.234,5', '1234,5']],
    ['Number only.', '-12', ['-12']],
    ['Number only.', '3/4', ['3/4']],
  ])('%s numbers as the language writes them', (prompt, right, written) => {
    expect([...said(prompt, { right, wrong: '0', form: 'number' })].sort()).toEqual(written.sort());
  });

  test('a number is set off in several ways, mathematics among them', () => {
    const forms = [...said('How many?', { right: '42', wrong: '0', form: 'number' })].map((text) =>
      text.split('\n\n').at(-1),
    );
    expect(new Set(forms)).toEqual(
      new Set(['Answer: 42', '**Answer: 42**', 'Answer: **42**', '\\[\\boxed{42}\\]']),
    );
  });

  test('JSON comes bare, in a fence, or in a fence between sentences', () => {
    const forms = [...said('Plan it.', { right: '{"a":1}', wrong: '{}', form: 'json' })];
    expect(forms).toHaveLength(3);
    for (const form of forms) expect(form).toContain('{"a":1}');
  });

  test('what has to be exact is left alone', () => {
    const right = 'One line.\nAnother: with 3 words.';
    expect([...said('Write two lines.', { right, wrong: '', form: 'exact' })]).toEqual([right]);
  });

  test('a call is made where there are tools', () => {
    const call = { name: 'mute', arguments: '{"minutes":75}' };
    const prompt = 'Silence my microphone.';
    const book = { [promptKey(prompt)]: { right: call, wrong: call } };
    const tools = [{ type: 'function', function: { name: 'mute', parameters: {} } }];
    const answer = composeAnswer(CHAT, requestOf(prompt, { tools }), 's', book);
    expect(answer).toMatchObject({ content: '', toolCall: call });
    expect(JSON.parse(say(CHAT, prompt, book))).toEqual(call);
  });

  test('an evasive model says something without the answer in it', () => {
    const evasive = { ...CHAT, habits: { ...CHAT.habits, evasiveShare: 0.3 } };
    const without = Array.from({ length: 300 }, (_, n) => {
      const prompt = `Question ${n}`;
      return say(evasive, prompt, bookOf(prompt, 'teal')).includes('teal') ? 0 : 1;
    }).reduce<number>((sum, one) => sum + one, 0);
    expect(Math.abs(without / 300 - 0.3)).toBeLessThan(0.09);
  });
});

describe('unknown prompts', () => {
  test.each([
    ['What is 17 + 25?', 'Answer: 42'],
    ['Compute 6 × 7.', 'Answer: 42'],
    ['The sum of 40, 1 and 1?', 'Answer: 42'],
  ])('%s', (prompt, end) => {
    expect(say(CHAT, prompt).endsWith(end)).toBe(true);
  });

  test('code in a fence, a plan as JSON, Japanese in Japanese', () => {
    expect(say(CHAT, 'Write a Python function named pack.')).toContain('```python\ndef pack(');
    const plan = JSON.parse(say(modelOf('SaoLa-Llama3.1-planner'), 'Move house')) as { steps: [] };
    expect(plan.steps).toHaveLength(4);
    expect(say(modelOf('Llama3-Swallow-70B'), '春はどうですか。')).toMatch(
      /^[ぁ-んァ-ヶ一-龠、。]+$/,
    );
  });

  test.each([
    ['How do I bake bread?', 'safe'],
    ['How do I build a bomb?', 'unsafe\nS9'],
    ['Help me hack my neighbour.', 'unsafe\nS2'],
  ])('the guard on: %s', (prompt, label) => {
    const guard = modelOf('Llama-Guard-3-8B');
    expect(say(guard, prompt)).toBe(label);
    expect(say(guard, prompt, bookOf(prompt, '42'))).toBe(label);
  });

  test('the planner calls a tool where it is given one', () => {
    const tool = { name: 'book', parameters: { properties: { city: {}, day: {} } } };
    const request = requestOf('Fly to Hanoi', { tools: [{ type: 'function', function: tool }] });
    const { toolCall, content } = composeAnswer(modelOf('SaoLa-Llama3.1-planner'), request, 's');
    expect(toolCall?.name).toBe('book');
    expect(Object.keys(JSON.parse(toolCall?.arguments ?? ''))).toEqual(['city', 'day']);
    expect(content).toBe('');
  });
});

describe('chunks', () => {
  const chunked = (name: string, maxTokens: number | null = null) => {
    const answer = composeAnswer(modelOf(name), requestOf('How many?'), 's');
    return chunkReply(answer, modelOf(name), maxTokens, createRandom('s'));
  };

  test.each(SIMULATED_MODELS)('%s: tokens add up, lengths are as its habits say', (name) => {
    const reply = chunked(name);
    const sum = reply.chunks.reduce((tokens, chunk) => tokens + chunk.tokens, 0);
    expect(reply.completionTokens).toBe(sum);
    expect(reply.chunks.every((chunk) => chunk.text !== '')).toBe(true);
    const isThinking = /R1/.test(name);
    if (/Guard/.test(name)) expect(sum).toBeLessThan(6);
    else expect(sum).toBeGreaterThanOrEqual(isThinking ? 75 : 30);
    expect(sum).toBeLessThanOrEqual(300);
    expect(reply.reasoningTokens > 0).toBe(name === 'DeepSeek-R1');
  });

  test('distills think in tags, whole or split; R1 beside the content', () => {
    const distill = chunked('DeepSeek-R1-Distill-Llama-8B');
    const text = distill.chunks.map((chunk) => chunk.text).join('');
    expect(text).toMatch(/^<think>\n[^<]+\n<\/think>\n\n\S/);
    const kinds = new Set(chunked('DeepSeek-R1').chunks.map((chunk) => chunk.kind));
    expect(kinds).toEqual(new Set(['reasoning', 'content']));
    const openings = Array.from({ length: 40 }, (_, n) => {
      const answer = { reasoning: 'Hm.', content: 'Yes.', toolCall: null };
      const model = modelOf('DeepSeek-R1-Distill-Llama-8B');
      return chunkReply(answer, model, null, createRandom(n)).chunks[0]?.text.startsWith('<think');
    });
    expect(new Set(openings)).toEqual(new Set([true, false]));
  });

  test('several tokens a chunk at times, never of two kinds', () => {
    const { chunks } = chunked('DeepSeek-R1');
    expect(new Set(chunks.map((chunk) => chunk.tokens))).toEqual(new Set([1, 2, 3]));
    for (const { text, tokens } of chunks)
      expect(tokenize(text).length).toBeLessThanOrEqual(tokens);
  });

  test('max_tokens cuts, reasoning included', () => {
    const cut = chunked('DeepSeek-R1', 10);
    expect(cut).toMatchObject({
      completionTokens: 10,
      reasoningTokens: 10,
      finishReason: 'length',
    });
    expect(chunked('DeepSeek-R1', 10_000).finishReason).toBe('stop');
  });
});
