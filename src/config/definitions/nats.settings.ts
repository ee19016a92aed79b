import { numberKind, seconds } from '../kinds/number.kind.js';
import { natsServers } from '../kinds/nats-url.kind.js';
import { anyText, boolean, filePath, text } from '../kinds/text.kind.js';
import { setting, type ExclusiveWay } from '../setting.interface.js';

function authentication(way: string): { readonly exclusive: ExclusiveWay } {
  return { exclusive: { group: 'nats authentication', way } };
}

function source(way: 'stream_name' | 'kv_bucket'): { readonly exclusive: ExclusiveWay } {
  return { exclusive: { group: 'source', way } };
}

/** The connection to NATS, and the stream. */
export const NATS_SETTINGS = {
  nats_url: setting({
    kind: natsServers,
    required: true,
    doc: 'Addresses of the NATS servers. Credentials in the address count as a method of authentication.',
  }),
  stream_name: setting({
    kind: text({
      allowed: 'the name of a JetStream stream: 1 to 255 characters, no white space, no . * > / \\',
      pattern: /^[^\s.*>/\\\p{Cc}]{1,255}$/u,
    }),
    ...source('stream_name'),
    doc: 'The stream to read. It must exist. Required unless `kv_bucket` is set.',
  }),
  kv_bucket: setting({
    kind: text({
      allowed: 'the name of a key-value bucket: 1 to 252 of A-Z a-z 0-9 _ -',
      pattern: /^[A-Za-z0-9_-]{1,252}$/,
    }),
    ...source('kv_bucket'),
    doc: 'The key-value bucket to read instead of `stream_name`: topics are keys. It must exist.',
  }),
  nats_credentials: setting({
    kind: filePath('NATS credentials (.creds)'),
    file: true,
    ...authentication('nats_credentials'),
    doc: 'Authentication with a credentials file.',
  }),
  nats_token: setting({
    kind: anyText('a token'),
    secret: true,
    ...authentication('nats_token'),
    doc: 'Authentication with a token.',
  }),
  nats_user: setting({
    kind: anyText('a user name'),
    ...authentication('nats_user'),
    doc: 'Authentication with user and password: the user.',
  }),
  nats_password: setting({
    kind: anyText('a password'),
    secret: true,
    ...authentication('nats_user'),
    doc: 'The password of `nats_user`.',
  }),
  nats_nkey: setting({
    kind: filePath('an NKey seed'),
    file: true,
    ...authentication('nats_nkey'),
    doc: 'Authentication with an NKey: the file with its seed.',
  }),
  nats_tls_ca: setting({
    kind: filePath('PEM certificates'),
    file: true,
    doc: "Certificate authorities for the server's certificate.",
  }),
  nats_tls_cert: setting({
    kind: filePath('a PEM certificate'),
    file: true,
    doc: 'Client certificate, with `nats_tls_key`.',
  }),
  nats_tls_key: setting({
    kind: filePath('a PEM private key'),
    file: true,
    doc: 'Private key of `nats_tls_cert`.',
  }),
  nats_tls_insecure_skip_verify: setting({
    kind: boolean,
    default: 'false',
    doc: "Do not check the server's certificate. For development only; warned about.",
  }),
  nats_js_domain: setting({
    kind: text({
      allowed: 'a JetStream domain: no white space, no . * > /',
      pattern: /^[^\s.*>/\\\p{Cc}]{1,255}$/u,
    }),
    doc: "JetStream domain of the stream, if it differs from the server's.",
  }),
  nats_inbox_prefix: setting({
    kind: text({
      allowed: 'a subject without wildcards and without a dot at either end',
      pattern: /^[A-Za-z0-9_$-]+(\.[A-Za-z0-9_$-]+)*$/,
    }),
    doc: 'Prefix of reply subjects, for accounts that may not subscribe to `_INBOX.>`.',
  }),
  reconnect_wait: setting({ ...seconds(2), doc: 'Time between two attempts to reconnect.' }),
  max_reconnects: setting({
    kind: numberKind<number>({
      unit: 'count',
      min: -1,
      special: { '-1': { means: 'for ever', value: -1 }, 0: { means: 'never', value: 0 } },
    }),
    default: '-1',
    doc: 'Attempts to connect, at start and later. After the last one, the process exits with an error.',
  }),
  nats_ping_interval: setting({
    ...seconds(20),
    doc: 'Interval of pings. After two unanswered ones, the connection is considered lost.',
  }),
  nats_idle_heartbeat: setting({
    kind: numberKind<number>({
      unit: 'seconds',
      min: 0.1,
      max: 14.999,
      special: {
        0: { means: 'the default, 10', value: 10_000 },
        '-1': { means: 'the 5 of the NATS client, with a warning', value: 5_000 },
      },
    }),
    default: '10',
    doc: "Idle heartbeat of the stream's consumer; after two missed ones, another consumer is created.",
  }),
};
