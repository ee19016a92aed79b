export { startNats, startNatsCluster, type NatsCluster } from './start-nats.js';
export type { NatsServer, NatsServerOptions } from './nats-server.interface.js';
