import {
  createAccount,
  createOperator,
  createUser,
  encodeAccount,
  encodeOperator,
  encodeUser,
  fmtCreds,
} from '@nats-io/jwt';
import { credsAuthenticator, type Authenticator } from 'nats';
import { startNats, type NatsServer } from '../support/nats/index.js';

/** Limits of an account; -1 or absent: none. */
export interface AccountLimits {
  /** Connections. */
  readonly conn?: number;
  /** Subscriptions. */
  readonly subs?: number;
}

const UNLIMITED = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };

/** A server in operator mode, with one account that has JetStream. */
export class OperatorNats {
  private readonly account = createAccount();
  private readonly operator = createOperator();
  private readonly system = createAccount();
  private directory = '';

  private constructor() {}

  static async start(
    limits: AccountLimits = {},
  ): Promise<{ readonly operator: OperatorNats; readonly server: NatsServer }> {
    const operator = new OperatorNats();
    const [operatorJwt, config] = await Promise.all([
      encodeOperator('O', operator.operator, { system_account: operator.system.getPublicKey() }),
      operator.configuration(limits),
    ]);
    const server = await startNats({
      files: { 'operator.jwt': operatorJwt },
      config: (directory) => config((operator.directory = directory)),
    });
    return { operator, server };
  }

  /** The text of a credentials file, of a new user. */
  async credentials(expiresInSeconds?: number): Promise<string> {
    const user = createUser();
    const exp = Math.floor(Date.now() / 1000) + (expiresInSeconds ?? 0);
    const claims = expiresInSeconds === undefined ? {} : { exp };
    const jwt = await encodeUser('U', user, this.account, {}, claims);
    return Buffer.from(fmtCreds(jwt, user)).toString();
  }

  /** For connections of the test itself. */
  async authentication(): Promise<{ readonly authenticator: Authenticator }> {
    const text = await this.credentials();
    return { authenticator: credsAuthenticator(new TextEncoder().encode(text)) };
  }

  /** Changes the account's limits. */
  async limit(server: NatsServer, limits: AccountLimits): Promise<void> {
    await server.reload((await this.configuration(limits))(this.directory));
  }

  private async configuration({
    conn = -1,
    subs = -1,
  }: AccountLimits): Promise<(directory: string) => string> {
    const limits = { ...UNLIMITED, subs, conn, data: -1, payload: -1 };
    const [system, account] = await Promise.all([
      encodeAccount('SYS', this.system, {}, { signer: this.operator }),
      encodeAccount('A', this.account, { limits }, { signer: this.operator }),
    ]);
    return (directory) => `operator: "${directory}/operator.jwt"
      resolver: MEMORY
      resolver_preload: {
        ${this.system.getPublicKey()}: "${system}"
        ${this.account.getPublicKey()}: "${account}"
      }`;
  }
}
