// The service that `bench/requests.ts` asks: echoes, and answers `count` with so many replies.
import { connect } from 'nats';

const connection = await connect({ servers: process.env['NATS_URL'] ?? '' });
const text = 'x'.repeat(80);
connection.subscribe('services.echo', {
  callback: (_error, message) => void message.respond(message.data),
});
connection.subscribe('services.count', {
  callback: (_error, message) => {
    const replies = Number(message.string());
    for (let row = 0; row < replies; row += 1) message.respond(JSON.stringify({ row, text }));
    message.respond('');
  },
});
await connection.flush();
console.log('answering');
