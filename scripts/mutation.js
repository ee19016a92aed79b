// `npm run mutation [-- ROOM[/FILE]…]`: changes the code of each room in small ways, and runs the room's unit
// tests against each change. Writes the share that they notice into docs/mutation-testing.md, once all files of a
// room have results.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ROOMS, filesOf, roomOf } from '../test/mutation/rooms.js';
import { Failure, report } from './failure.js';

const PAGE = 'docs/mutation-testing.md';
const reportOf = ({ name }) => `.data/mutation/${name}.json`;
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** @param file a file, or a pattern of files, in the room's folder; default: all */
function mutate(room, file) {
  const { status } = spawnSync('stryker', ['run', 'test/mutation/stryker.config.js'], {
    stdio: 'inherit',
    env: { ...process.env, MUTATION_ROOM: room.name, ...(file && { MUTATION_FILE: file }) },
  });
  if (status !== 0)
    throw new Failure(`Stryker ended with code ${status} in ${room.name}.`, 'see above');
  merge(room, file);
}

/** After a run of some files, the results of the others remain. */
function merge(room, file) {
  const { files, ...rest } = read(`.data/mutation/${room.name}.run.json`);
  const known = file !== undefined && existsSync(reportOf(room)) ? read(reportOf(room)).files : {};
  const others = Object.entries(known).filter(([path]) => existsSync(path));
  // The report lacks files without mutants.
  const run = filesOf(room, file).map((path) => [path, files[path] ?? { mutants: [] }]);
  const merged = { ...rest, files: Object.fromEntries([...others, ...run]) };
  writeFileSync(reportOf(room), JSON.stringify(merged));
}

/** How many mutants the tests noticed, and did not. */
function count(mutants) {
  const number = (...names) => mutants.filter(({ status }) => names.includes(status)).length;
  return { noticed: number('Killed', 'Timeout'), missed: number('Survived', 'NoCoverage') };
}

function row(name, path, mutants) {
  const { noticed, missed } = count(mutants);
  const share = ((100 * noticed) / (noticed + missed)).toFixed(1);
  return `| ${name} | \`${path}\` | ${noticed + missed} | ${share} % |`;
}

function rowOf(room) {
  const mutants = Object.values(read(reportOf(room)).files).flatMap((file) => file.mutants);
  return row(room.name, `libs/${room.folder}`, mutants);
}

/** One row for each file, the weakest first. */
function fileRows(room) {
  return Object.entries(read(reportOf(room)).files)
    .filter(([, { mutants }]) => mutants.some(({ status }) => status !== 'Ignored'))
    .sort(([, a], [, b]) => count(b.mutants).missed - count(a.mutants).missed)
    .map(([file, { mutants }]) => row(room.name, file, mutants));
}

function isMeasured(room) {
  const { files } = read(reportOf(room));
  return filesOf(room).every((file) => file in files);
}

/** Rooms that were not run keep their rows. */
function withRows(page, rooms) {
  return page.replace(/^\| (\w+) +\| `libs\/.*$/gm, (old, name) => {
    const room = rooms.find((each) => each.name === name);
    return room === undefined || !isMeasured(room) ? old : rowOf(room);
  });
}

try {
  const args = process.argv.slice(2).map((arg) => arg.split(/\/(.*)/, 2));
  const asked = args.map(([name, file]) => ({ room: roomOf(name), file }));
  const runs = asked.length > 0 ? asked : ROOMS.map((room) => ({ room }));
  for (const { room, file } of runs) mutate(room, file);
  const rooms = [...new Set(runs.map(({ room }) => room))];
  writeFileSync(PAGE, withRows(readFileSync(PAGE, 'utf8'), rooms));
  for (const room of rooms) console.log([...fileRows(room), rowOf(room)].join('\n'));
} catch (error) {
  report(error);
}
