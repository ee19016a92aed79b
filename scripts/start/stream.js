const DAY_NS = 24 * 60 * 60 * 1e9;

/** The stream that `make start` serves: bounded, so that a machine left running does not fill up. */
const EVENTS = {
  name: 'EVENTS',
  subjects: ['events.>'],
  max_age: DAY_NS,
  max_bytes: 256 * 1024 * 1024,
  allow_direct: true,
};

/** Creates the stream unless it is there, and resolves to its name. */
export async function ensureStream(connection) {
  const manager = await connection.jetstreamManager();
  try {
    await manager.streams.info(EVENTS.name);
  } catch (error) {
    if (error.code !== '404') throw error;
    await manager.streams.add(EVENTS);
  }
  return EVENTS.name;
}
