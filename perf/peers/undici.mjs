// A reader over undici's fetch: an instant for each read, then the events in it parsed one by one.
import { fetch } from 'undici';
import { beginMeter, body, errorsOf, inSlots, load, report } from './meter.mjs';

const url = `${load.url}/chat/completions`;
const headers = { 'content-type': 'application/json' };
const replies = [];
let reads = 0;
const meter = beginMeter();
await inSlots(async () => {
  const stampsMs = [];
  let text = '';
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (response.status !== 200) throw new Error(`HTTP ${response.status}`);
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    const atMs = performance.now();
    reads += 1;
    rest += decoder.decode(value, { stream: true });
    const events = rest.split('\n\n');
    rest = events.pop();
    for (const event of events) {
      const data = event.slice('data: '.length);
      if (data === '[DONE]') continue;
      const content = JSON.parse(data).choices[0]?.delta.content;
      if (!content) continue;
      stampsMs.push(atMs);
      text += content;
    }
  }
  replies.push({ stampsMs, text });
});
const measured = meter.end();
report(measured, { reads, errors: errorsOf(replies) });
