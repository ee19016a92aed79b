import { MINIMAL, loadEnvironment, loadFile, issuesOf, variables } from './loading.fixture.js';

const withConsole = (settings: Readonly<Record<string, string>> = {}): string[] =>
  issuesOf(() => loadEnvironment({ ...variables({ ...MINIMAL, ...settings }), CONSOLE: 'true' }));

it('is off, and enabled by a variable or in the file', () => {
  expect(loadEnvironment(variables(MINIMAL)).console).toBe(false);
  expect(loadEnvironment({ ...variables(MINIMAL), CONSOLE: 'true' }).console).toBe(true);
  const file = 'console: true\nnats_url: a\nhubs: [{ path: /a, stream_name: A }]';
  expect(loadFile(file).console).toBe(true);
  expect(loadFile(file, { CONSOLE: 'false' }).console).toBe(false);
});

it("rejects a hub, a probe or a service with the console's path", () => {
  const own = "is the console's: choose another path, or switch the console off";
  expect(withConsole({ path: '/Console' })).toEqual([`HUB_PATH /Console ${own}`]);
  expect(withConsole({ path: '/console/events' })).toEqual([`HUB_PATH /console/events ${own}`]);
  expect(withConsole({ live_path: '/console' })).toEqual([`LIVE_PATH /console ${own}`]);
  const file =
    'console: true\nnats_url: a\nhubs: [{ path: /a, stream_name: A }]\nservices: [{ path: /console, subject_prefix: a., request_anonymous: true }]';
  expect(issuesOf(() => loadFile(file))).toEqual([expect.stringContaining(own)]);
});

it('works beside a hub at the root, and beside paths with the same prefix', () => {
  expect(withConsole({ path: '/' })).toEqual([]);
  expect(withConsole({ path: '/console-events' })).toEqual([]);
  const off = { ...variables({ ...MINIMAL, path: '/console' }) };
  expect(issuesOf(() => loadEnvironment(off))).toEqual([]);
});
