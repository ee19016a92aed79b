// A NATS service that creates a report page by page, with the services framework of the `nats` package.
//   node examples/report/service.js
import { setTimeout as pause } from 'node:timers/promises';
import { connect, headers } from 'nats';

const PAGES = 40;
const PAGE_MS = Number(process.env.PAGE_MS ?? 100);

const connection = await connect({ servers: process.env.NATS_URL ?? 'nats://localhost:4222' });
const service = await connection.services.add({
  name: 'reports',
  version: '1.0.0',
  description: 'Makes reports.',
});

service
  .addGroup('services')
  .addGroup('reports')
  .addEndpoint('monthly', (error, message) => {
    if (error === null) void monthly(message);
  });
console.log('the service listens');

async function monthly(message) {
  const year = yearOf(message);
  if (year === undefined) {
    message.respondError(400, 'Expected {"year": 2026}');
    return;
  }
  for (let page = 1; page <= PAGES; page += 1) {
    await pause(PAGE_MS);
    const progress = headers();
    progress.set('Nuts-Progress', `${page}/${PAGES}`);
    message.respond(JSON.stringify({ year, page, total: page * 1000 }), { headers: progress });
  }
  // An empty reply ends the response.
  message.respond();
}

function yearOf(message) {
  try {
    const { year } = message.json();
    return Number.isInteger(year) ? year : undefined;
  } catch {
    return undefined;
  }
}
