import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { execPath } from 'node:process';
import type { Browser, Page } from 'playwright-core';
import { connect } from 'nats';
import { disposeAtEnd } from '../support/disposal.js';
import { type NatsServer, startNats } from '../support/nats/index.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';
import { launchBrowser } from './browser.js';

const EXAMPLE = join('examples', 'chat');

let nats: NatsServer;
let browser: Browser;
let address: string;
beforeAll(async () => {
  [nats, browser] = await Promise.all([startNats(), launchBrowser()]);
  const connection = await connect({ servers: nats.url });
  const manager = await connection.jetstreamManager();
  await manager.streams.add({ name: 'CHAT', subjects: ['chat.>'] });
  await connection.close();
  const service = await Service.start({
    env: {
      NUTS_CONFIG: join(EXAMPLE, 'chat.yaml'),
      NATS_URL: nats.url,
      RECONNECT_WAIT: '0.1',
      TRANSIENT_RETRY: '1',
    },
  });
  const child = spawn(execPath, [join(EXAMPLE, 'serve.js'), service.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  disposeAtEnd(() => void child.kill());
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  address = line.toString().trim();
});

async function openChat(name: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(address);
  await page.fill('[name=from]', name);
  await until(async () => (await page.innerText('#state')) === 'open', { what: 'the stream' });
  return page;
}

async function say(page: Page, text: string): Promise<void> {
  await page.fill('[name=text]', text);
  await page.click('button');
}

const messages = (page: Page): Promise<string[]> => page.locator('#messages li').allInnerTexts();
const shows = (page: Page, texts: readonly string[]): Promise<unknown> =>
  until(async () => JSON.stringify(await messages(page)) === JSON.stringify(texts), {
    timeoutMs: 30_000,
    what: () => texts.join(),
  });

it('two tabs chat; a message written during a NATS outage appears once', async () => {
  const [ann, bob] = [await openChat('ann'), await openChat('bob')];
  await say(ann, 'hello <b>');
  await shows(bob, ['ann: hello <b>']);
  await say(bob, 'hi');
  const talk = ['ann: hello <b>', 'bob: hi'];
  await Promise.all([shows(ann, talk), shows(bob, talk)]);

  await nats.kill();
  await say(ann, 'anybody here?');
  await until(async () => (await ann.locator('#outbox li[data-state=sending]').count()) === 1);
  await nats.restart();
  talk.push('ann: anybody here?');
  await Promise.all([shows(ann, talk), shows(bob, talk)]);
  await until(async () => (await ann.locator('#outbox li').count()) === 0, { timeoutMs: 20_000 });

  // A tab that opens later shows the earlier messages.
  const late = await openChat('carol');
  await shows(late, talk);
});
