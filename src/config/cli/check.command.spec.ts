import { MINIMAL, oneFile, variables } from '../loading.fixture.js';
import { checkConfiguration } from './check.command.js';

const TWO_HUBS = `nats_url: nats://u:s3cr3t@nats.example:4222
subscriber_jwt_key: s3cr3t
hubs:
  - path: /chat
    stream_name: CHAT
    topic_prefix: chat.
  - path: /prices
    stream_name: PRICES
    subscriber_jwt_key:
    event_type: header Kind
`;

describe('config:check', () => {
  it('says what would run, without secrets', () => {
    const { text, exitCode } = checkConfiguration('hubs.yaml', {}, oneFile(TWO_HUBS));
    expect(exitCode).toBe(0);
    expect(text).toMatchSnapshot();
    expect(text).not.toContain('s3cr3t');
  });

  it('checks the environment if no file is named', () => {
    const { text, exitCode } = checkConfiguration(undefined, variables(MINIMAL), oneFile(''));
    expect(exitCode).toBe(0);
    expect(text).toContain('1 hub on 0.0.0.0:8080');
  });

  it('lists the errors, with code 1', () => {
    expect(checkConfiguration('hubs.yaml', {}, oneFile('nats_ulr: a\n'))).toEqual({
      exitCode: 1,
      text: [
        '2 errors in the configuration:',
        '  - hubs.yaml:1: nats_ulr is not a setting; did you mean nats_url?',
        '  - hubs.yaml: hubs must list at least one hub with its path',
      ].join('\n'),
    });
  });
});
