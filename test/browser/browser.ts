import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { disposeAtEnd } from '../support/disposal.js';
import { findChromium } from './chromium-path.js';

/** Without background network traffic and without a GPU. */
const ARGUMENTS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The options of a test's browser. */
export interface BrowserOptions {
  /** Enables the back/forward cache, which playwright disables. */
  readonly keepsPages?: boolean;
}

/** Launches a real Chromium with its own profile. Ends with the test file. */
export async function launchBrowser({ keepsPages = false }: BrowserOptions = {}): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    headless: true,
    // The sandbox does not work for root in a container; only pages of these tests are opened.
    chromiumSandbox: false,
    args: ARGUMENTS,
    ...(keepsPages && { ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
  });
  disposeAtEnd(() => browser.close());
  return browser;
}

/** Gives a browser profile an HTTP-only cookie for an address. */
export async function setCookie(
  context: BrowserContext,
  url: string,
  name: string,
  value: string,
): Promise<void> {
  await context.addCookies([{ url, name, value, httpOnly: true, sameSite: 'Lax' }]);
}
