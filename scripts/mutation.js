// `npm run mutation [-- ROOM[/FILE]…]`: changes the code of each room in small ways, and runs the room's unit
// tests against each change. Writes the share that they notice in whole rooms into docs/mutation-testing.md.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { ROOMS, roomOf } from '../test/mutation/rooms.js';
import { Failure, report } from './failure.js';

const PAGE = 'docs/mutation-testing.md';
const reportOf = ({ name }) => `.data/mutation/${name}.json`;

/** @param file a file, or a pattern of files, in the room's folder; default: all */
function mutate(room, file) {
  const { status } = spawnSync('stryker', ['run', 'test/mutation/stryker.config.js'], {
    stdio: 'inherit',
    env: { ...process.env, MUTATION_ROOM: room.name, ...(file && { MUTATION_FILE: file }) },
  });
  if (status !== 0)
    throw new Failure(`Stryker ended with code ${status} in ${room.name}.`, 'see above');
}

/** How many mutants of a room the tests noticed, and did not. */
function count(room) {
  const { files } = JSON.parse(readFileSync(reportOf(room), 'utf8'));
  const statuses = Object.values(files).flatMap(({ mutants }) =>
    mutants.map(({ status }) => status),
  );
  const number = (...names) => statuses.filter((status) => names.includes(status)).length;
  return { noticed: number('Killed', 'Timeout'), missed: number('Survived', 'NoCoverage') };
}

function row(room) {
  const { noticed, missed } = count(room);
  const share = ((100 * noticed) / (noticed + missed)).toFixed(1);
  return `| ${room.name} | \`libs/${room.folder}\` | ${noticed + missed} | ${share} % |`;
}

/** Rooms that were not run keep their rows. */
function withRows(page, rooms) {
  return page.replace(/^\| (\w+) +\| `libs\/.*$/gm, (old, name) => {
    const room = rooms.find((each) => each.name === name);
    return room === undefined ? old : row(room);
  });
}

try {
  const args = process.argv.slice(2).map((arg) => arg.split(/\/(.*)/, 2));
  const asked = args.map(([name, file]) => ({ room: roomOf(name), file }));
  for (const { room, file } of asked) if (file) mutate(room, file);
  const whole = asked.filter(({ file }) => !file).map(({ room }) => room);
  const rooms = asked.length > 0 ? whole : ROOMS;
  for (const room of rooms) mutate(room);
  writeFileSync(PAGE, withRows(readFileSync(PAGE, 'utf8'), rooms));
  for (const room of rooms) console.log(row(room));
} catch (error) {
  report(error);
}
