import { parentPort } from 'node:worker_threads';
import { Measurement } from './measure.ts';
import type { Command, Report } from './protocol.ts';

// The entry of the measuring thread.
const port = parentPort;
if (port === null) throw new Error('this file is the entry of a worker thread');

let measurement: Measurement | undefined;
/** Commands that came before the job: an interrupt may be faster than the thread. */
const early: Exclude<Command, { type: 'job' }>[] = [];

port.on('message', (command: Command) => {
  if (command.type === 'job') {
    measurement = new Measurement(command.job, report);
    for (const earlier of early) measurement.obey(earlier);
    void measurement.run();
  } else if (measurement === undefined) {
    early.push(command);
  } else {
    measurement.obey(command);
  }
});
report({ type: 'ready' });

function report(message: Report): void {
  if (message.type !== 'tape') return port?.postMessage(message);
  const { body, arrivalsMs, arrivalBytes } = message.tape;
  port?.postMessage(message, [
    body.buffer as ArrayBuffer,
    arrivalsMs.buffer as ArrayBuffer,
    arrivalBytes.buffer as ArrayBuffer,
  ]);
}
