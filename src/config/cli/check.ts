import { checkConfiguration } from './check.command.js';

const { text, exitCode } = checkConfiguration(process.argv[2], process.env);
(exitCode === 0 ? process.stdout : process.stderr).write(`${text}\n`);
process.exitCode = exitCode;
