import fc from 'fast-check';
import { ConfigurationError } from './configuration.error.js';
import { loadConfiguration } from './configuration.loader.js';
import { loadFile, oneFile } from './loading.fixture.js';

describe('secrets', () => {
  const secret = fc.string({ minLength: 6, maxLength: 40, unit: 'grapheme' });
  const shown = (load: () => unknown): string => {
    try {
      load();
      return '';
    } catch (error) {
      return error instanceof ConfigurationError ? error.message : '';
    }
  };

  it('never appear in an error, including credentials in URLs', () => {
    fc.assert(
      fc.property(secret, fc.constantFrom('http://u:', 'nats://', ''), (hidden, scheme) => {
        const marked = `s3cr3t${hidden}`;
        const env = {
          NATS_URL: `${scheme}${marked}@ho st`,
          NATS_TOKEN: marked,
          NATS_PASSWORD: marked,
          SUBSCRIBER_JWT_KEY: marked,
          SUBSCRIBER_JWKS_URL: `https://u:${marked}@a`,
          HUB_URL: `https://u:${marked}@a`,
        };
        const message = shown(() => loadConfiguration(env, oneFile('')));
        expect(message).toContain('NATS_URL');
        expect(message).not.toContain('s3cr3t');
      }),
    );
  });

  it('never appear if a file is malformed', () => {
    const text = 'nats_token: [s3cr3t]\nsubscriber_jwt_key: s3cr3t${\nhubs: []\n';
    expect(shown(() => loadFile(text))).not.toContain('s3cr3t');
    expect(shown(() => loadFile(`nats_token: "s3cr3t\n${text}`))).not.toContain('s3cr3t');
    expect(shown(() => loadFile('{"nats_token": s3cr3t}', {}, 'a.json'))).not.toContain('s3cr3t');
  });
});
