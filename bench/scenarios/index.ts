import { burst } from './burst.scenario.js';
import { ceiling } from './ceiling.scenario.js';
import { connect } from './connect.scenario.js';
import { deepCrowd } from './deep-crowd.scenario.js';
import { deepReplay } from './deep-replay.scenario.js';
import { growth } from './growth.scenario.js';
import { idle } from './idle.scenario.js';
import { large } from './large.scenario.js';
import { manyTopics } from './many-topics.scenario.js';
import { paced } from './paced.scenario.js';
import { privateTopics } from './private-topics.scenario.js';
import type { Scenario } from './scenario.interface.js';
import { stalled } from './stalled.scenario.js';
import { storm, stormAfterRestart } from './storm.scenario.js';

/** All scenarios, in the order of the report. */
export const SCENARIOS: readonly Scenario[] = [
  ceiling,
  burst,
  paced,
  privateTopics,
  manyTopics,
  large,
  storm,
  stormAfterRestart,
  deepReplay,
  deepCrowd,
  connect,
  idle,
  stalled,
  growth,
];
