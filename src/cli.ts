#!/usr/bin/env node
import { reportError, runCli } from './commands/program.ts';
import { guardStandardStreams } from './commands/standard-streams.ts';

guardStandardStreams();

// What Node itself would print of an error that nobody caught may hold a key. A run under way has its own.
process.on('uncaughtException', (error) => {
  if (process.listenerCount('uncaughtException') > 1) return;
  void reportError(error).then((code) => process.exit(code));
});

process.exitCode = await runCli(process.argv.slice(2));
