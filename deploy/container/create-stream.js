// Creates a stream, for a first try: node create-stream.js NAME SUBJECT…
// NATS_URL names the servers. A stream of that name stays as it is. Retries until NATS answers.
import { connect } from 'nats';

const [name, ...subjects] = process.argv.slice(2);
if (name === undefined || subjects.length === 0) {
  console.error('Usage: node create-stream.js NAME SUBJECT…');
  process.exit(2);
}

const servers = (process.env.NATS_URL || 'nats://localhost:4222').split(',');
const connection = await connect({ servers, waitOnFirstConnect: true, name: 'nuts_create_stream' });
const manager = await connection.jetstreamManager();
const DAY_NS = 86_400_000_000_000;
try {
  await manager.streams.info(name);
  console.log(`The stream ${name} is there`);
} catch (error) {
  if (error.api_error?.err_code !== 10059) throw error; // stream not found
  await manager.streams.add({ name, subjects, max_age: DAY_NS });
  console.log(`The stream ${name} takes ${subjects.join(', ')} and keeps them for a day`);
}
await connection.close();
