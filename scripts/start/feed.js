import { MachineFigures } from './machine.js';

const EVERY_MS = 1000;

/**
 * Publishes this machine's own figures to `<prefix>host.*` once a second, until the returned function
 * is called. While the broker is away, figures are left out rather than queued.
 */
export function startFeed(connection, prefix) {
  const figures = new MachineFigures();
  const jetStream = connection.jetstream();
  const timer = setInterval(() => {
    for (const [topic, figure] of Object.entries(figures.read())) {
      const subject = `${prefix}host.${topic}`;
      jetStream.publish(subject, JSON.stringify(figure)).catch(() => {});
    }
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    figures.close();
  };
}
