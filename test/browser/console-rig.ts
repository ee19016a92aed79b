import { headers as natsHeaders, type Msg } from 'nats';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { signToken } from '../../libs/auth/src/tokens.fixture.js';
import { type ContractStream, startStream } from '../contract/contract-app.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';
import { launchBrowser } from './browser.js';

const KEY = 'a secret that is long enough for HS256';

/** The service with a console over an open hub, and one over a hub that requires tokens. */
export interface ConsoleRig {
  readonly stream: ContractStream;
  readonly open: Service;
  readonly guarded: Service;
  readonly browser: Browser;
  /** A token for the guarded service. */
  sign(claims: Readonly<Record<string, unknown>>): string;
  /** Makes the service `reports` send its last replies. */
  finishReports(): void;
}

/** Starts everything. It is stopped at the end of the test file. */
export async function startConsoleRig(): Promise<ConsoleRig> {
  const [stream, browser] = await Promise.all([startStream(), launchBrowser()]);
  const finishReports = answerReports(stream);
  const start = (env: Readonly<Record<string, string>>): Promise<Service> =>
    Service.start({
      env: {
        NATS_URL: stream.nats.url,
        STREAM_NAME: 'EVENTS',
        TOPIC_PREFIX: 'events.',
        ALLOW_WILDCARDS: 'true',
        CONSOLE: 'true',
        PUBLISH: 'true',
        HEARTBEAT_INTERVAL: '1',
        MAX_EVENT_SIZE: '1000000',
        TRANSIENT_RETRY: '0.2',
        SSE_RETRY: '200',
        SERVICES_PATH: '/services',
        SERVICES_SUBJECT_PREFIX: 'services.',
        ...env,
      },
    });
  const [open, guarded] = await Promise.all([
    start({ PUBLISH_ANONYMOUS: 'true', REQUEST_ANONYMOUS: 'true' }),
    start({ SUBSCRIBER_JWT_KEY: KEY }),
  ]);
  const sign: ConsoleRig['sign'] = (claims) => signToken('HS256', KEY, claims);
  return { stream, open, guarded, browser, sign, finishReports };
}

/** A service that sends the first of three replies at once, and the others on demand. */
function answerReports({ connection }: ContractStream): () => void {
  const waiting: Msg[] = [];
  const reply = (message: Msg, done: number): void => {
    const headers = natsHeaders();
    headers.set('Nuts-Progress', `${done}/3`);
    message.respond(JSON.stringify({ part: done }), { headers });
  };
  connection.subscribe('services.reports', {
    callback: (_error, message) => {
      reply(message, 1);
      waiting.push(message);
    },
  });
  return () => {
    for (const message of waiting.splice(0)) {
      reply(message, 2);
      reply(message, 3);
      message.respond('');
    }
  };
}

/** A tab with the console. Collects the browser's errors. */
export class ConsoleTab {
  /** Errors, uncaught exceptions and violations of the Content-Security-Policy. */
  readonly problems: string[] = [];
  /** URLs that the page requested. */
  readonly requests: string[] = [];

  private constructor(readonly page: Page) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.push(message.text());
    });
    page.on('pageerror', ({ message }) => this.problems.push(message));
    page.on('request', (request) => this.requests.push(request.url()));
  }

  static async open(
    browser: Browser,
    url: string,
    options: BrowserContextOptions = {},
  ): Promise<ConsoleTab> {
    const context = await browser.newContext(options);
    const tab = new ConsoleTab(await context.newPage());
    await tab.page.goto(url);
    return tab;
  }

  /** Waits until an element contains a text, and returns its whole text. */
  async shows(selector: string, text: string | RegExp, timeoutMs = 20_000): Promise<string> {
    let held = '';
    return until(
      async () => {
        held = (await this.page.locator(selector).allInnerTexts()).join('\n');
        return (typeof text === 'string' ? held.includes(text) : text.test(held)) && held;
      },
      {
        what: () => `${selector} to show ${String(text)}; it shows ${held}`,
        timeoutMs,
        everyMs: 50,
      },
    );
  }
}
