// Builds the service into `dist/`, unless nothing has changed since the last build.
import { build } from './build/dist.js';
import { report } from './failure.js';

try {
  build();
} catch (error) {
  report(error);
}
