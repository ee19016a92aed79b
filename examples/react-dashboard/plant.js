// The plant of the dashboard: machines that publish measurements, and a service that creates reports.
//   node examples/react-dashboard/plant.js
import { setTimeout as pause } from 'node:timers/promises';
import { connect, headers } from 'nats';

const MACHINES = ['press', 'mill', 'oven', 'dryer', 'packer'];
const INTERVAL_MS = Number(process.env.INTERVAL_MS ?? 1000);
const PAGES = 40;
const PAGE_MS = Number(process.env.PAGE_MS ?? 100);

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

const service = await connection.services.add({ name: 'reports', version: '1.0.0' });
const reports = service.addGroup('services').addGroup('reports');
reports.addEndpoint('monthly', (error, message) => {
  if (error === null) void report(message);
});
console.log('the plant runs');

async function report(message) {
  for (let page = 1; page <= PAGES; page += 1) {
    await pause(PAGE_MS);
    const progress = headers();
    progress.set('Nuts-Progress', `${page}/${PAGES}`);
    message.respond(JSON.stringify({ page, tons: page * 3 }), { headers: progress });
  }
  // An empty reply ends the response.
  message.respond();
}
