// `npm run publish -- host.note '{"hello":"world"}'`: stores one message in the stream.
import { connect } from 'nats';
import { Failure, report } from './failure.js';
import { readRunning } from './start/running.js';

const { NATS_URL, TOPIC_PREFIX = 'events.' } = process.env;
const [topic, payload = ''] = process.argv.slice(2);

async function publish() {
  if (!topic) {
    throw new Failure('A topic is missing.', `npm run publish -- host.note '{"hello":"world"}'`);
  }
  // NATS would take what follows a space for a reply subject, and nobody would answer.
  if (!/^[^\s*>]+$/.test(topic)) {
    throw new Failure(`"${topic}" is no topic.`, 'use letters, digits and . _ -');
  }
  const url = NATS_URL || readRunning('.data')?.natsUrl;
  if (!url) throw new Failure('No broker is known.', 'run `make start`, or set NATS_URL');
  const connection = await connect({
    servers: url.split(','),
    timeout: 5000,
    reconnect: false,
  }).catch((error) => {
    throw new Failure(`The broker cannot be reached (${error.message}).`, 'check NATS_URL');
  });
  const subject = `${TOPIC_PREFIX}${topic}`;
  try {
    const { stream, seq } = await connection.jetstream().publish(subject, payload);
    console.log(`published ${subject} to ${stream} as ${seq}`);
  } catch (error) {
    throw new Failure(
      `${subject} was not stored (${error.message}).`,
      'publish to a subject that a stream takes; TOPIC_PREFIX sets what comes before the topic',
    );
  } finally {
    await connection.close();
  }
}

publish().catch(report);
