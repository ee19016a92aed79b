import { NestFactory } from '@nestjs/core';
import { OrdersModule } from './orders.module.js';

const { NATS_URL = 'nats://localhost:4222', STREAM_NAME = 'ORDERS', STAFF_KEY, PORT } = process.env;

async function start(): Promise<void> {
  if (STAFF_KEY === undefined) throw new Error('STAFF_KEY must be set');
  const app = await NestFactory.create(
    OrdersModule.forRoot({ natsUrl: NATS_URL, stream: STREAM_NAME, staffKey: STAFF_KEY }),
  );
  app.enableShutdownHooks();
  await app.listen(Number(PORT ?? 8080));
}

void start();
