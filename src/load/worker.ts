import { parentPort } from 'node:worker_threads';
import { HandOver } from './hand-over.ts';
import { Measurement } from './measure.ts';
import type { Command } from './protocol.ts';

// The entry of the measuring thread.
const port = parentPort;
if (port === null) throw new Error('this file is the entry of a worker thread');

const handOver = new HandOver((reports, transfer) => port.postMessage(reports, transfer));
let measurement: Measurement | undefined;
/** Commands that came before the job: an interrupt may be faster than the thread. */
const early: Exclude<Command, { type: 'job' }>[] = [];

port.on('message', (command: Command) => {
  if (command.type === 'job') {
    measurement = new Measurement(command.job, (report) => handOver.give(report));
    for (const earlier of early) measurement.obey(earlier);
    void measurement.run();
  } else if (measurement === undefined) {
    early.push(command);
  } else {
    measurement.obey(command);
  }
  // The process may be about to end: what was measured goes first.
  if (command.type === 'stop') handOver.flush();
});
handOver.give({ type: 'ready' });
