import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dialectOf } from '../../src/decode/dialect.ts';
import { parseJson } from '../../src/decode/parse-json.ts';
import { ChunkTemplate } from '../../src/decode/template.ts';

const { read } = dialectOf('openai');

function templateOf(data: string): ChunkTemplate | null {
  const json = parseJson(data);
  if (json === undefined) throw new Error(`not JSON: ${data}`);
  return ChunkTemplate.of(data, read(json), read);
}

const chunk = (delta: object, rest: object = {}): string =>
  JSON.stringify({ id: 'c1', choices: [{ index: 0, delta, finish_reason: null }], ...rest });

describe('a template of an event', () => {
  const template = templateOf(chunk({ content: 'Hello' }));

  test.each([
    ['another text', chunk({ content: ' world' })],
    ['no text', chunk({ content: '' })],
    ['the same text', chunk({ content: 'Hello' })],
    ['escapes', chunk({ content: 'a "b"\n\\c\u0001' })],
    ['other scripts', chunk({ content: '日本 Việt \u{1f600}\u2028' })],
    ['text like JSON', chunk({ content: '","finish_reason":"stop' })],
  ])('reads %s as parsing would', (_what, data) => {
    expect(template?.read(data)).toEqual(read(JSON.parse(data)));
  });

  test.each([
    ['another id', chunk({ content: 'x' }).replace('c1', 'c2')],
    ['a finish_reason', chunk({ content: 'x' }).replace('null', '"stop"')],
    ['usage', chunk({ content: 'x' }, { usage: { completion_tokens: 1 } })],
    ['a field more', chunk({ content: 'x', reasoning: 'y' })],
    ['reasoning', chunk({ reasoning_content: 'x' })],
    ['a field smuggled in', chunk({ content: '#' }).replace('#', 'a","reasoning":"b')],
    ['a quotation mark that is not escaped', chunk({ content: '#' }).replace('#', 'a"b')],
    ['a control character', chunk({ content: '#' }).replace('#', 'a\nb')],
    ['a torn escape', chunk({ content: '#' }).replace('#', '\\u12')],
    ['an escape that eats the end', chunk({ content: '#' }).replace('#', '\\')],
    ['a cut event', chunk({ content: 'x' }).slice(0, -1)],
    ['less than itself', '{"id":"c1","choices":[{"index":0,"delta":{"content":"'],
  ])('leaves %s to the parser', (_what, data) => {
    expect(template?.read(data)).toBeUndefined();
  });

  test('is made of reasoning too', () => {
    const reasoning = templateOf(chunk({ content: null, reasoning_content: 'Hm' }));
    const data = chunk({ content: null, reasoning_content: 'So, then' });
    expect(reasoning?.read(data)).toEqual(read(JSON.parse(data)));
    expect(reasoning?.read(data)?.reasoning).toBe('So, then');
  });

  test.each([
    ['no text', chunk({ role: 'assistant', content: '' })],
    ['the text somewhere else first', chunk({ role: 'user', content: 'user' })],
    ['the text under both spellings', chunk({ reasoning: 'a', reasoning_content: 'a' })],
    ['text that is escaped', chunk({ content: 'a\n' })],
    ['a tool call', chunk({ tool_calls: [{ index: 0, function: { arguments: 'a' } }] })],
    ['another choice', '{"choices":[{"index":1,"delta":{"content":"a"}}]}'],
  ])('is not made of %s', (_what, data) => {
    expect(templateOf(data)).toBeNull();
  });
});

test('whatever the events, a template reads them as parsing would, or leaves them', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom('assistant', 'a"', '\\', '\\"', '","x":"', '\n', '\\u0041', '"}'),
  );
  const event = fc
    .record({ content: text, role: fc.constantFrom('assistant', 'user'), id: text, raw: text })
    .map(({ content, role, id, raw }) => ({
      whole: JSON.stringify({ id, choices: [{ index: 0, delta: { role, content } }] }),
      // As a broken server would write it.
      torn: `{"id":"c","choices":[{"index":0,"delta":{"role":"${role}","content":"${raw}"}}]}`,
    }));
  fc.assert(
    fc.property(event, event, (first, second) => {
      const template = templateOf(first.whole);
      for (const data of [first.whole, second.whole, first.torn, second.torn]) {
        const reading = template?.read(data);
        if (reading === undefined) continue;
        const json = parseJson(data);
        expect(json).toBeDefined();
        expect(reading).toEqual(read(json as object as never));
      }
    }),
    { numRuns: 2000 },
  );
});
