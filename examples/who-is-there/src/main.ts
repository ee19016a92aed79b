import { NestFactory } from '@nestjs/core';
import { RoomsModule } from './rooms.module.js';

async function start(): Promise<void> {
  const { NATS_URL = 'nats://localhost:4222', STREAM_NAME = 'ROOMS', PORT = '8080' } = process.env;
  const app = await NestFactory.create(
    RoomsModule.forRoot({ natsUrl: NATS_URL, stream: STREAM_NAME }),
  );
  app.enableShutdownHooks();
  await app.listen(Number(PORT));
}

void start();
