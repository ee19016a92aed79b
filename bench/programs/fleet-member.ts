// One process of a fleet: the service as its environment configures it, with clients that are only
// announced to the other processes, as many as `MEMBER_CLIENTS` says.
import { until } from './until.js';

interface Counts {
  elsewhere(hub: string, client: string): number;
  changed(hub: string, client: string, streams: number): void;
}
interface Server {
  readonly app: { get(token: unknown, options: { strict: false }): Counts };
}
interface Service {
  readonly NutsServer: { start(options: unknown): Promise<Server> };
  readonly loadConfiguration: (env: NodeJS.ProcessEnv) => { fleet?: object };
  readonly CLIENT_COUNTS: symbol;
}

const HUB = '/events';
const { MEMBER_NUMBER = '0', MEMBER_CLIENTS = '0', MEMBERS = '1' } = process.env;

/** The built service: only there, its import aliases are resolved. */
async function service(): Promise<Service> {
  const paths = [
    'src/server/nuts-server.js',
    'src/config/configuration.loader.js',
    'libs/streaming/src/index.js',
  ];
  const modules = await Promise.all(
    paths.map((path) => import(new URL(`../../${path}`, import.meta.url).href) as Promise<object>),
  );
  return Object.assign({}, ...(modules as Service[])) as Service;
}

const client = (member: number, index: number): string => `subject user-${member}-${index}`;

const { NutsServer, loadConfiguration, CLIENT_COUNTS } = await service();
const options = loadConfiguration(process.env);
const { app } = await NutsServer.start(options);
if (options.fleet !== undefined) {
  const counts = app.get(CLIENT_COUNTS, { strict: false });
  const [own, clients, members] = [Number(MEMBER_NUMBER), Number(MEMBER_CLIENTS), Number(MEMBERS)];
  for (let i = 0; i < clients; i++) counts.changed(HUB, client(own, i), 1);
  const isKnown = (member: number, index: number): boolean =>
    member === own || counts.elsewhere(HUB, client(member, index)) === 1;
  await until(
    () =>
      Array.from({ length: members }, (_, member) => member).every((member) =>
        Array.from({ length: clients }, (_, index) => index).every((i) => isKnown(member, i)),
      ),
    'the counts of all members',
    () => `member ${own} misses some`,
    60_000,
  );
}
console.log('member: whole');
