import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { HUB_SETTINGS } from '../definitions/hub.settings.js';
import { loadFile, issuesOf } from '../loading.fixture.js';
import { SETTINGS_PAGES, withTables } from '../page/settings-page.js';
import { HUB_SAMPLES } from '../setting-samples.fixture.js';
import { configurationSchema } from './configuration.schema.js';

const root = join(__dirname, '../../..');
const pages = SETTINGS_PAGES.map((page) => readFileSync(join(root, page), 'utf8'));
const validate = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(
  configurationSchema(),
);
const MINIMAL = { nats_url: 'a:1', stream_name: 'E', hubs: [{ path: '/a' }] };

/** Ignores the padding of tables. */
function unpadded(markdown: string): string {
  return markdown.replace(/ +/g, ' ').replace(/-{3,}/g, '---');
}

describe('files that are generated from the table of settings', () => {
  it('docs/configuration.schema.json is up to date (npm run config:schema)', () => {
    const written: unknown = JSON.parse(
      readFileSync(join(root, 'docs/configuration.schema.json'), 'utf8'),
    );
    expect(written).toEqual(JSON.parse(JSON.stringify(configurationSchema())));
  });

  it(`is up to date: ${SETTINGS_PAGES.join(', ')} (npm run config:schema)`, () => {
    expect(pages.map(unpadded)).toEqual(withTables(pages).map(unpadded));
  });

  it('documents every setting', () => {
    const missing = Object.keys(HUB_SETTINGS).filter(
      (name) => !pages.join('').includes(`\`${name}\``),
    );
    expect(missing).toEqual([]);
  });
});

describe('the JSON Schema', () => {
  it.each(Object.entries(HUB_SAMPLES))('accepts what is allowed: %s', (name, { right }) => {
    for (const value of right) {
      expect(validate({ ...MINIMAL, hubs: [{ path: '/a', [name]: value }] })).toBe(true);
    }
  });

  it.each(Object.keys(HUB_SAMPLES))('accepts an empty %s that removes a shared value', (name) => {
    for (const value of ['', null]) {
      expect(validate({ ...MINIMAL, hubs: [{ path: '/a', [name]: value }] })).toBe(true);
    }
  });

  it('supports numbers, booleans, null, sequences and placeholders', () => {
    const hub = {
      path: '/${A}',
      max_connections: 5,
      heartbeat_interval: 0.5,
      drain_delay: '${D:5}',
      gap_events: false,
      allow_wildcards: '${W:true}',
      payload_format: '${P:raw}',
      allowed_origins: ['https://a'],
      hub_url: null,
    };
    expect(validate({ ...MINIMAL, port: 0, trust_proxy: ['loopback'], hubs: [hub] })).toBe(true);
  });

  it.each<[string, unknown]>([
    ['no hubs', { nats_url: 'a', stream_name: 'E' }],
    ['an empty list of hubs', { ...MINIMAL, hubs: [] }],
    ['no path', { ...MINIMAL, hubs: [{}] }],
    ['no stream anywhere', { nats_url: 'a', hubs: [{ path: '/a' }] }],
    ['an unknown setting at the top', { ...MINIMAL, nats_ulr: 'a' }],
    ['an unknown setting in a hub', { ...MINIMAL, hubs: [{ path: '/a', foo: 1 }] }],
    ['a path at the top', { ...MINIMAL, path: '/a' }],
    ['a port in a hub', { ...MINIMAL, hubs: [{ path: '/a', port: 1 }] }],
    ['a path with a slash at its end', { ...MINIMAL, hubs: [{ path: '/a/' }] }],
    ['a number out of range', { ...MINIMAL, sse_retry: 3_600_001 }],
    ['a fraction of a connection', { ...MINIMAL, max_connections: 1.5 }],
    ['a number in words', { ...MINIMAL, max_connections: 'ten' }],
    ['a format that is none', { ...MINIMAL, payload_format: 'json' }],
    ['a map as a value', { ...MINIMAL, stream_name: {} }],
    ['a prefix that begins with a dot', { ...MINIMAL, topic_prefix: '.a' }],
  ])('rejects %s, as the service does', (_, file) => {
    expect(validate(file)).toBe(false);
    expect(issuesOf(() => loadFile(JSON.stringify(file)))).not.toEqual([]);
  });
});
