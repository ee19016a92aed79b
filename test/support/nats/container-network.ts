import { Network, type StartedNetwork } from 'testcontainers';
import { disposeAtEnd } from '../disposal.js';

let network: Promise<StartedNetwork> | undefined;

/** The network of a test file's clustered containers. */
export function containerNetwork(): Promise<StartedNetwork> {
  network ??= new Network().start().then((started) => {
    disposeAtEnd(async () => {
      await started.stop();
    });
    return started;
  });
  return network;
}
