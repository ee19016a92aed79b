import {
  createAccount,
  createOperator,
  createUser,
  encodeAccount,
  encodeOperator,
  encodeUser,
  fmtCreds,
} from '@nats-io/jwt';
import type { NatsServerOptions } from '../../support/nats/index.js';

/** A nats-server that trusts an operator, and the credentials of its only user. */
export interface OperatorMode {
  readonly options: NatsServerOptions;
  /** Content of a `.creds` file. */
  readonly credentials: string;
}

export async function operatorMode(): Promise<OperatorMode> {
  const [operator, account, system, user] = [
    createOperator(),
    createAccount(),
    createAccount(),
    createUser(),
  ];
  const limits = {
    ...{ mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 },
    ...{ subs: -1, conn: -1, data: -1, payload: -1 },
  };
  const [operatorJwt, systemJwt, accountJwt, userJwt] = await Promise.all([
    encodeOperator('O', operator, { system_account: system.getPublicKey() }),
    encodeAccount('SYS', system, {}, { signer: operator }),
    encodeAccount('A', account, { limits }, { signer: operator }),
    encodeUser('U', user, account),
  ]);
  return {
    credentials: Buffer.from(fmtCreds(userJwt, user)).toString(),
    options: {
      files: { 'operator.jwt': operatorJwt },
      config: (directory) => `operator: "${directory}/operator.jwt"
        resolver: MEMORY
        resolver_preload: {
          ${system.getPublicKey()}: "${systemJwt}"
          ${account.getPublicKey()}: "${accountJwt}"
        }`,
    },
  };
}
