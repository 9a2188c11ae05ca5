#!/usr/bin/env node
import { runCli } from './commands/program.ts';
import { guardStandardStreams } from './commands/standard-streams.ts';

guardStandardStreams();
process.exitCode = await runCli(process.argv.slice(2));
