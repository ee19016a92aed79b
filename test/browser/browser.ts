import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { disposeAtEnd } from '../support/disposal.js';
import { findChromium } from './chromium-path.js';

/** Nothing of its own on the network, and no graphics card. */
const ARGUMENTS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What a test needs of the browser. */
export interface BrowserOptions {
  /** Keeps pages that were left, as people's browsers do; playwright turns that off. */
  readonly keepsPages?: boolean;
}

/** Launches a real Chromium with a profile of its own. Ends with the test file. */
export async function launchBrowser({ keepsPages = false }: BrowserOptions = {}): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    headless: true,
    // It cannot be set up by root in a container; only pages of these tests are opened.
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
