import { runProcess } from './server/run-process.js';

void runProcess();
