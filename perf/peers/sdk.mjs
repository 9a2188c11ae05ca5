// The openai client's iterator, as most scripts use it: an instant and the text of each chunk.
import OpenAI from 'openai';
import { beginMeter, body, errorsOf, inSlots, load, report } from './meter.mjs';

const client = new OpenAI({ baseURL: load.url, apiKey: 'any', maxRetries: 0 });
const replies = [];
const meter = beginMeter();
await inSlots(async () => {
  const stampsMs = [];
  let text = '';
  for await (const chunk of await client.chat.completions.create(body)) {
    const atMs = performance.now();
    const content = chunk.choices[0]?.delta.content;
    if (!content) continue;
    stampsMs.push(atMs);
    text += content;
  }
  replies.push({ stampsMs, text });
});
const measured = meter.end();
report(measured, { reads: null, errors: errorsOf(replies) });
