import { parentPort } from 'node:worker_threads';
import { HandOver } from './hand-over.ts';
import { Measurement } from './measure.ts';
import type { Command } from './protocol.ts';

// The entry of the measuring thread.
const port = parentPort;
if (port === null) throw new Error('this file is the entry of a worker thread');

const handOver = new HandOver((reports, transfer) => port.postMessage(reports, transfer));
let measurement: Measurement | undefined;

/** Commands of one message are all obeyed before a job among them begins. */
port.on('message', (commands: readonly Command[]) => {
  let begun: Measurement | undefined;
  for (const command of commands) {
    if (command.type === 'job') {
      begun = new Measurement(command.job, (report) => handOver.give(report));
      measurement = begun;
    } else {
      measurement?.obey(command);
    }
  }
  void begun?.run();
  // The process may be about to end: what was measured goes first.
  if (commands.some(({ type }) => type === 'stop')) handOver.flush();
});
handOver.give({ type: 'ready' });
