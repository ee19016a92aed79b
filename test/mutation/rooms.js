import { globSync } from 'node:fs';

const NOT_MUTATED = /(\.spec|\.fixture|\/index)\.ts$/;

/** The pure core and the log: what is mutated, and the folders of the unit tests that have to notice. */
export const ROOMS = [
  room('frames', 'streaming/src/frames'),
  room('topics', 'streaming/src/topics'),
  room('plan', 'streaming/src/plan'),
  room('channel', 'streaming/src/channel'),
  room('operators', 'streaming/src/session/operators', ['streaming/src/session']),
  room('log', 'streaming/src/log'),
  room('auth', 'auth/src'),
];

function room(name, folder, alsoTestedBy = []) {
  return { name, folder, tests: [folder, ...alsoTestedBy] };
}

/** @throws Error that lists the rooms, for an unknown name */
export function roomOf(name) {
  const found = ROOMS.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = ROOMS.map((each) => each.name).join(', ');
  throw new Error(`There is no room "${name}"; there are ${names}`);
}

/** The files of a room that are mutated, or those that a pattern matches. */
export function filesOf({ folder }, pattern = '**/*.ts') {
  return globSync(`libs/${folder}/${pattern}`).filter((file) => !NOT_MUTATED.test(file));
}
