// Part of `npm run build`: puts the console's page beside the compiled library that serves it.
import { buildConsole } from './console-page.js';

buildConsole('dist/libs/console/src/page');
