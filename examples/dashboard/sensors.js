// Publishes the temperatures of several machines, each at its own interval.
//   node examples/dashboard/sensors.js
import { connect } from 'nats';

const MACHINES = ['press', 'mill', 'oven', 'dryer', 'packer'];
const INTERVAL_MS = Number(process.env.INTERVAL_MS ?? 1000);

const connection = await connect({ servers: process.env.NATS_URL ?? 'nats://localhost:4222' });
const stream = connection.jetstream();

for (const [index, machine] of MACHINES.entries()) {
  let celsius = 20 + 10 * index;
  const measure = async () => {
    celsius = Math.round((celsius + Math.random() * 2 - 1) * 10) / 10;
    await stream
      .publish(`plant.${machine}.temperature`, JSON.stringify({ celsius }))
      .catch(({ message }) => console.error(message));
  };
  await measure();
  setInterval(measure, INTERVAL_MS * (index + 1));
}
console.log('the sensors publish');
