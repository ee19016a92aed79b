import { NestFactory } from '@nestjs/core';
import { EmbeddedModule } from './embedded.module.js';

async function start(): Promise<void> {
  const { NATS_URL = 'nats://localhost:4222', PORT = '8080' } = process.env;
  const users = { ann: 'ann', bob: 'bob' };
  const app = await NestFactory.create(EmbeddedModule.forRoot({ natsUrl: NATS_URL, users }));
  app.enableShutdownHooks();
  await app.listen(Number(PORT));
}

void start();
