import { Test } from '@nestjs/testing';
import { NEVER } from 'rxjs';
import { NatsClients } from './nats-clients.service.js';
import type { NatsClient } from './nats-client.interface.js';
import { NatsModule } from './nats.module.js';

describe('NatsModule', () => {
  const start = async (): Promise<{
    clients: NatsClients;
    made: { servers: string[]; closed: boolean }[];
    close: () => Promise<void>;
  }> => {
    const made: { servers: string[]; closed: boolean }[] = [];
    const createClient = ({ servers }: { servers: string[] }): NatsClient => {
      const client = { servers, closed: false };
      made.push(client);
      const close = (): Promise<void> => {
        client.closed = true;
        return Promise.resolve();
      };
      return { close, events$: NEVER } as unknown as NatsClient;
    };
    const module = await Test.createTestingModule({
      imports: [NatsModule.register({ createClient })],
    }).compile();
    return { clients: module.get(NatsClients), made, close: () => module.close() };
  };

  it('shares a client between equal options, and closes all with the application', async () => {
    const { clients, made, close } = await start();
    const a = clients.get({ servers: ['n1', 'n2'], tls: { caFile: 'a', certFile: 'b' } });
    const b = clients.get({ tls: { certFile: 'b', caFile: 'a' }, servers: ['n2', 'n1'] });
    const c = clients.get({ servers: ['n1', 'n2'] });
    expect(a).toBe(b);
    expect(c).not.toBe(a);
    expect(clients.all()).toEqual([a, c]);
    await close();
    expect(made.map(({ closed }) => closed)).toEqual([true, true]);
  });

  it('shares nothing between two applications', async () => {
    const [one, two] = [await start(), await start()];
    expect(one.clients.get({ servers: ['n'] })).not.toBe(two.clients.get({ servers: ['n'] }));
    await one.close();
    expect(two.made[0]?.closed).toBe(false);
    await two.close();
  });
});
