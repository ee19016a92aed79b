import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { loadFile } from './loading.fixture.js';
import { configurationSchema } from './schema/configuration.schema.js';

const folder = join(__dirname, '../../examples/hubs');
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const SECRETS = {
  ACME_NATS_PASSWORD: 'a',
  GLOBEX_NATS_PASSWORD: 'b',
  ACME_JWT_KEY: 'a'.repeat(32),
  GLOBEX_JWT_KEY: 'b'.repeat(32),
};

describe('examples/hubs', () => {
  it('has common scenarios', () => {
    expect(files.sort()).toEqual([
      'chat-rooms.yaml',
      'dashboards.yaml',
      'secured.yaml',
      'tenants.yaml',
    ]);
  });

  it.each([
    ...files,
    '../chat/chat.yaml',
    '../dashboard/dashboard.yaml',
    '../feature-flags/flags.yaml',
  ])('%s can run and is valid against the schema', (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const validate = new Ajv({
      strict: true,
      strictRequired: false,
      allowUnionTypes: true,
    }).compile(configurationSchema());
    expect(validate(parse(text))).toBe(true);
    const { hubs, warnings } = loadFile(text, SECRETS, name);
    expect(hubs.length).toBeGreaterThan(0);
    expect(warnings.filter((text) => !text.includes('unencrypted'))).toEqual([]);
  });

  it('dashboards: the hubs share one connection and one tail', () => {
    const { hubs } = loadFile(readFileSync(join(folder, 'dashboards.yaml'), 'utf8'));
    const sources = hubs.map(({ nats, stream, topicPrefix }) =>
      JSON.stringify([nats, stream, topicPrefix]),
    );
    expect(new Set(sources).size).toBe(1);
  });

  it('tenants: no tenant has the key or the account of another', () => {
    const { hubs } = loadFile(readFileSync(join(folder, 'tenants.yaml'), 'utf8'), SECRETS);
    expect(new Set(hubs.map(({ access }) => JSON.stringify(access))).size).toBe(hubs.length);
    expect(hubs[2]?.nats).toMatchObject({ credentialsFile: '/run/secrets/initech.creds' });
    expect(hubs[2]?.nats).not.toHaveProperty('password');
  });
});
