import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { type ConsoleRig, ConsoleTab, startConsoleRig } from './console-rig.js';
import { disposeAtEnd } from '../support/disposal.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

let rig: ConsoleRig;
beforeAll(async () => {
  rig = await startConsoleRig();
});

/** Payloads that the page must show without executing or applying them. */
const HOSTILE = [
  '<img src=x onerror="window.harmed = 1">',
  '</td></table><script>window.harmed = 1</script>',
  '<svg onload=window.harmed=1><a href="javascript:window.harmed=1">x</a>',
  '"><style>*{display:none}</style><form action=//evil.example><button>',
  'safe\u202egpj.exe\u2066\u200b\u0000\u001b[31m',
  '{"__proto__":{"harmed":1},"constructor":{"prototype":{"harmed":1}}}',
  `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  'x'.repeat(900_000),
];

async function expectAccessible({ page }: ConsoleTab): Promise<void> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

it('shows topics, newest values, events and the connection, and requests only its own origin', async () => {
  await rig.stream.publish('shop.orders', '{"n":41,"total":12.5}');
  const tab = await ConsoleTab.open(rig.browser, `${rig.open.url}/console`);
  await tab.shows('.topics', 'shop.orders');
  await tab.shows('.status', 'Connected');
  await rig.stream.publish('shop.orders', '{"n":42,"total":13.5}');
  await tab.shows('.topics', /42/);
  await tab.shows('.events tbody', /shop\.orders[^]*42[^]*41/);
  await tab.shows('.timeline', /Connected[^]*Request/);
  await tab.shows('.timeline', 'Heartbeat');
  await tab.page.getByRole('button', { name: 'shop.orders' }).first().click();
  await tab.page.getByLabel('Field').selectOption('total');
  await tab.shows('figcaption', /shop\.orders total: 13\.5, from 12\.5 to 13\.5, 2 points/);
  expect(tab.page.url()).toContain('plot=shop.orders&field=total');
  expect(tab.requests.filter((url) => !url.startsWith(rig.open.url))).toEqual([]);
  expect(tab.problems).toEqual([]);
});

it('opens an event unabridged, filters, pauses and clears', async () => {
  const payload = '{"big":12345678901234567890,"list":[1.0,2]}';
  await rig.stream.publish('whole', payload);
  const tab = await ConsoleTab.open(rig.browser, `${rig.open.url}/console#topic=whole&start=all`);
  await tab.page.locator('.events').getByRole('button', { name: 'whole' }).first().press('Enter');
  const shown = await tab.shows('dialog pre', '12345678901234567890');
  expect(shown).toContain('1.0');
  await tab.page.keyboard.press('Escape');
  await tab.page.getByLabel('Filter events').fill('nothing like it');
  await tab.shows('.events-panel', 'No events match the filter.');
  await tab.page.getByLabel('Filter events').fill('WHOLE');
  await tab.page.getByRole('button', { name: 'Pause' }).click();
  await rig.stream.publish('whole', '"later"');
  await tab.shows('.events-panel .count', '1 new');
  expect(await tab.page.innerText('.events tbody')).not.toContain('later');
  await tab.page.getByRole('button', { name: 'Resume' }).click();
  await tab.shows('.events tbody', 'later');
  expect(tab.problems).toEqual([]);
});

it('shows hostile payloads as text', async () => {
  for (const payload of HOSTILE) await rig.stream.publish('hostile', payload);
  const tab = await ConsoleTab.open(
    rig.browser,
    `${rig.open.url}/console#topic=hostile&start=all&filter=%3Cimg`,
  );
  await tab.shows('.events tbody', '<img src=x onerror=');
  await tab.page.getByLabel('Filter events').fill('');
  const held = await tab.shows('.events tbody', /safe\\u202egpj\.exe\\u2066\\u200b\\u0000\\u001b/);
  expect(held).toContain('</td></table><script>window.harmed = 1</script>');
  expect(held).not.toContain('\u202e');
  const lines = tab.page.locator('.events').getByRole('button', { name: 'hostile' });
  await until(async () => (await lines.count()) === HOSTILE.length);
  for (let index = 0; index < HOSTILE.length; index += 1) {
    await lines.nth(index).click();
    await tab.page.locator('dialog pre').waitFor();
    const more = tab.page.getByRole('button', { name: /Show all/ });
    if (await more.isVisible()) await more.click();
    await tab.page.getByRole('button', { name: 'Close' }).click();
  }
  expect(await tab.page.evaluate('window.harmed ?? ({}).harmed ?? "unharmed"')).toBe('unharmed');
  expect(
    await tab.page.locator('#console img, #console script, #console form[action]').count(),
  ).toBe(0);
  expect(tab.requests.filter((url) => !url.startsWith(rig.open.url))).toEqual([]);
  expect(tab.problems).toEqual([]);
});

it('resumes without a gap after cutting its own connection', async () => {
  const tab = await ConsoleTab.open(rig.browser, `${rig.open.url}/console#topic=cut&start=live`);
  await tab.shows('.status', 'Connected');
  await rig.stream.publish('cut', '"first"');
  await tab.shows('.events tbody', 'first');
  await tab.page.getByRole('button', { name: 'Cut connection' }).click();
  await rig.stream.publish('cut', '"meanwhile"');
  await tab.shows('.events tbody', /meanwhile[^]*first/);
  await tab.shows(
    '.timeline',
    /Connected[^]*resumed after \d+, disconnected for[^]*Request[^]*Waiting[^]*Cut/,
  );
  expect(tab.problems).toEqual([]);
});

it('shows gaps, and the reset of a recreated stream', async () => {
  const tab = await ConsoleTab.open(rig.browser, `${rig.open.url}/console#topic=reset&start=live`);
  await tab.shows('.status', 'Connected');
  await rig.stream.publish('reset', 'x'.repeat(1_010_000));
  await tab.shows('.events tbody', 'gap: oversized');
  await tab.shows('.timeline', /Gap[^]*oversized, reset/);
  await rig.stream.jsm.streams.delete('EVENTS');
  await rig.stream.jsm.streams.add({ name: 'EVENTS', subjects: ['events.>'] });
  await rig.stream.publish('reset', '"the new stream"');
  await tab.shows('.timeline', /Reset[^]*stream_recreated/);
  await tab.shows('.events tbody', 'the new stream');
  expect(tab.problems).toEqual([]);
});

it('asks for topics if a hub does not allow wildcards, and starts again for another hub', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nuts-console-'));
  disposeAtEnd(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'hubs.yaml');
  const hubs = '[{ path: /plain }, { path: /wild, allow_wildcards: true }]';
  const shared = 'stream_name: EVENTS\ntopic_prefix: events.\nconsole: true';
  writeFileSync(file, `nats_url: ${rig.stream.nats.url}\n${shared}\nhubs: ${hubs}\n`);
  const service = await Service.start({ env: { NUTS_CONFIG: file } });
  await rig.stream.publish('hubs.a', '{"n":1}');
  const tab = await ConsoleTab.open(rig.browser, `${service.url}/console/`);
  await tab.shows('.topics-panel', 'This hub does not allow wildcards');
  await tab.page.getByRole('textbox', { name: 'Topics' }).fill('hubs.a');
  await tab.page.getByRole('button', { name: 'Watch' }).click();
  await tab.shows('.topics', /hubs\.a[^]*n: 1/);
  await tab.page.locator('#hub').selectOption('/wild');
  await tab.shows('.topics', 'hubs.a');
  expect(tab.page.url()).toContain('hub=%2Fwild');
  expect(await tab.page.getByRole('tab', { name: 'Publish' }).isVisible()).toBe(false);
  expect(tab.problems).toEqual([]);
});

it('starts after a cursor and at a time', async () => {
  const first = await rig.stream.publish('starts', '"one"');
  await rig.stream.publish('starts', '"two"');
  const tab = await ConsoleTab.open(
    rig.browser,
    `${rig.open.url}/console#topic=starts&cursor=${first}`,
  );
  expect(await tab.shows('.events tbody', 'two')).not.toContain('one');
  await tab.page.locator('.watch select').selectOption('Since a time or duration …');
  await tab.page.getByLabel('From').fill('PT1H');
  await tab.page.getByRole('button', { name: 'Watch' }).click();
  await tab.shows('.events tbody', /two[^]*one/);
  expect(tab.page.url()).toMatch(/start=PT1H$/);
});

it('publishes, and sends a request to a service and shows its progress', async () => {
  const tab = await ConsoleTab.open(rig.browser, `${rig.open.url}/console#topic=mine`);
  await tab.page.getByRole('tab', { name: 'Publish' }).click();
  const panel = tab.page.locator('#panel-Publish');
  await panel.getByLabel('Topic').fill('mine');
  await panel.getByLabel('Payload').fill('{"hello":  "console"}');
  await panel.getByRole('button', { name: 'Publish' }).click();
  await tab.shows('#panel-Publish output', /Stored as \d+ in/);
  await tab.shows('.events tbody', 'console');
  await panel.getByLabel('Payload').fill('{');
  await panel.getByRole('button', { name: 'Publish' }).click();
  await tab.shows('#panel-Publish output', '400 Invalid JSON payload');
  await tab.page.keyboard.press('Escape');
  await tab.page.getByRole('tab', { name: 'Publish' }).press('ArrowRight');
  const asking = tab.page.locator('#panel-Ask');
  await asking.getByLabel('Subject').fill('reports');
  await asking.getByRole('button', { name: 'Ask' }).click();
  const bar = tab.page.locator('#panel-Ask progress');
  await until(async () => (await bar.getAttribute('value')) === String(1 / 3));
  await expectAccessible(tab);
  rig.finishReports();
  await tab.shows('#panel-Ask output', /3 replies in/);
  expect((await tab.page.locator('.replies li').allInnerTexts()).join()).toMatch(/1.*2.*3/);
});

it('shows why it was refused and what a token allows, and never puts the token into a link', async () => {
  const tab = await ConsoleTab.open(rig.browser, `${rig.guarded.url}/console#topic=secret.a`);
  await tab.shows('.refusal', /401[^]*requires a token/);
  await tab.page.getByRole('tab', { name: 'Access' }).click();
  const use = async (claims: Readonly<Record<string, unknown>>): Promise<string> => {
    const token = rig.sign(claims);
    await tab.page.getByLabel('Token (JWT)').fill(token);
    await tab.page.getByRole('button', { name: 'Use token' }).click();
    return token;
  };
  await use({ subscribe: 'other.>' });
  await tab.shows('.refusal', /403: Forbidden topic/);
  await tab.shows('.claims', /other\.>[^]*does not cover secret\.a/);
  const token = await use({ sub: 'user-7', subscribe: ['secret.*'] });
  await tab.shows('.status', 'Connected');
  await tab.shows('.claims', /user-7[^]*secret\.\*[^]*covers all selected topics/);
  expect(await tab.page.locator('.refusal').isVisible()).toBe(false);
  const link = await tab.page.evaluate<string>('location.href');
  expect(link).not.toContain(token.slice(-20));
  // The token survives a reload of the tab; another tab does not have it.
  await tab.page.reload();
  await tab.shows('.status', 'Connected');
  const other = await ConsoleTab.open(rig.browser, link);
  await other.shows('.refusal', '401');
});

it.each([
  ['light', { colorScheme: 'light', viewport: { width: 1440, height: 900 } }],
  ['dark', { colorScheme: 'dark', viewport: { width: 1440, height: 900 } }],
  [
    'phone',
    { colorScheme: 'light', viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' },
  ],
] as const)('has no serious accessibility violations (axe): %s', async (_name, options) => {
  for (const topic of ['axe.a', 'axe.b']) await rig.stream.publish(topic, '{"n":1}');
  const hash = '#topic=axe.*&start=all&plot=axe.a&field=n';
  const tab = await ConsoleTab.open(rig.browser, `${rig.open.url}/console${hash}`, options);
  await tab.shows('.events tbody', 'axe.b');
  await tab.shows('figcaption', 'points');
  for (const name of ['Timeline', 'Access', 'Publish', 'Ask', 'Code']) {
    await tab.page.getByRole('tab', { name }).click();
    await expectAccessible(tab);
  }
  await tab.page.locator('.events').getByRole('button', { name: 'axe.b' }).first().click();
  await expectAccessible(tab);
  const wide = await tab.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  expect(wide).toBeLessThanOrEqual(0);
});

it('stays smooth at 1000 events a second', async () => {
  const SECONDS = Number(process.env['CONSOLE_SECONDS'] ?? 5);
  // While other tests run, a task may wait for a core.
  const BOUND_MS = Number(process.env['CONSOLE_LONG_TASK_MS'] ?? 500);
  const tab = await ConsoleTab.open(
    rig.browser,
    `${rig.open.url}/console#topic=fast.*&start=live&plot=fast.0&field=n`,
  );
  await tab.shows('.status', 'Connected');
  await tab.page.evaluate(`
    window.longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: 'longtask' });
  `);
  const devtools = await tab.page.context().newCDPSession(tab.page);
  await devtools.send('Performance.enable');
  const busySeconds = async (): Promise<number> => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'ThreadTime')?.value ?? NaN;
  };
  const busyBefore = await busySeconds();
  let sent = 0;
  const began = performance.now();
  await until(
    () => {
      const due = Math.min(SECONDS, (performance.now() - began) / 1_000) * 1_000;
      for (; sent < due; sent += 1) {
        const payload = JSON.stringify({ n: sent, text: 'x'.repeat(100) });
        rig.stream.connection.publish(`events.fast.${sent % 10}`, payload);
      }
      return sent >= SECONDS * 1_000;
    },
    { what: () => `${sent} events`, everyMs: 10, timeoutMs: 60_000 },
  );
  const total = `of ${String(sent).replace(/\B(?=(\d{3})+$)/g, '\u2009')}`;
  await tab.shows('.events-panel .count', total);
  const tasks = await tab.page.evaluate<number[]>('longTasks');
  const share = ((await busySeconds()) - busyBefore) / ((performance.now() - began) / 1_000);
  process.stdout.write(
    `${sent} events in ${SECONDS} s: the page's thread computes ${Math.round(share * 100)} % of the time; ` +
      `tasks above 50 ms: ${JSON.stringify(tasks)}\n`,
  );
  // CPU time, which does not depend on other programs.
  expect(share).toBeLessThan(0.6);
  expect(Math.max(0, ...tasks)).toBeLessThan(BOUND_MS);
  expect(await tab.page.locator('.events tbody tr').count()).toBeLessThan(100);
  expect(tab.problems).toEqual([]);
});
