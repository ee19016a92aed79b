import { NestFactory } from '@nestjs/core';
import { CustomGuardModule } from './custom-guard.module.js';

const {
  NATS_URL = 'nats://localhost:4222',
  STREAM_NAME = 'EVENTS',
  DIRECTORY_URL,
  PORT,
} = process.env;

async function start(): Promise<void> {
  if (DIRECTORY_URL === undefined) throw new Error('DIRECTORY_URL must be set');
  const settings = { natsUrl: NATS_URL, stream: STREAM_NAME, directoryUrl: DIRECTORY_URL };
  const app = await NestFactory.create(CustomGuardModule.forRoot(settings));
  app.enableShutdownHooks();
  await app.listen(Number(PORT ?? 8080));
}

void start();
