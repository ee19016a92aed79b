import { posix } from 'node:path';
import {
  GenericContainer,
  getContainerRuntimeClient,
  Wait,
  type StartedNetwork,
  type StartedTestContainer,
} from 'testcontainers';
import { disposeAtEnd } from '../disposal.js';
import { freePort } from '../free-port.js';
import { until } from '../until.js';
import { containerNetwork } from './container-network.js';
import { natsConfig } from './nats-config.js';
import type { NatsServer, NatsServerOptions } from './nats-server.interface.js';

const FILES = '/etc/nuts';
const CONFIG = posix.join(FILES, 'nats.conf');
const START_MS = 15_000;

type Engine = Awaited<ReturnType<typeof getContainerRuntimeClient>>;

/** A nats-server in its own container. Its store is in the container, which exists until `stop`. */
export class ContainerNats implements NatsServer {
  log = '';
  version = '';
  private container: StartedTestContainer | undefined;
  private readonly undispose = disposeAtEnd(() => this.stop());

  /** Host ports are fixed: Docker would assign others when a container restarts. */
  static async start(image: string, options: NatsServerOptions): Promise<ContainerNats> {
    const monitorPort = options.monitor ? await freePort() : undefined;
    const engine = await getContainerRuntimeClient();
    const port = await freePort();
    // Before the server: resources are disposed of in reverse order, and the network must be last.
    const network = options.cluster && (await containerNetwork());
    const server = new ContainerNats(engine, options, port, monitorPort);
    try {
      await server.create(image, network);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  private constructor(
    private readonly engine: Engine,
    private readonly options: NatsServerOptions,
    readonly port: number,
    private readonly monitorPort: number | undefined,
  ) {}

  get name(): string {
    return this.options.name ?? `p${this.port}`;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  get monitor(): string | undefined {
    return this.monitorPort === undefined ? undefined : `http://127.0.0.1:${this.monitorPort}`;
  }

  async kill(): Promise<void> {
    await this.signal('SIGKILL');
    await this.ended();
  }

  async shutdown(): Promise<void> {
    await this.signal('SIGTERM');
    await this.ended();
  }

  async restart(): Promise<void> {
    if (await this.running()) await this.kill();
    const before = this.log.length;
    await this.handle().start();
    await this.followLog();
    await this.ready(before);
  }

  async freeze(): Promise<void> {
    await this.handle().pause();
  }

  async thaw(): Promise<void> {
    await this.handle().unpause();
  }

  async lameDuck(): Promise<void> {
    await this.signal('SIGUSR2');
  }

  async reload(config: string): Promise<void> {
    const before = this.log.length;
    const content = this.configuration({ ...this.options, config });
    await this.container?.copyContentToContainer([{ content, target: CONFIG }]);
    await this.signal('SIGHUP');
    await until(() => /Reloaded server|Failed to reload/.test(this.log.slice(before)), {
      what: 'the server to reload its configuration',
    });
  }

  async stop(): Promise<void> {
    this.undispose();
    const { container } = this;
    this.container = undefined;
    await container?.stop({ timeout: 0 });
  }

  private async create(image: string, network: StartedNetwork | undefined): Promise<void> {
    const further = this.options.ports ?? [];
    const ports = [this.port, ...further].map((port) => ({ container: port, host: port }));
    if (this.monitorPort) ports.push({ container: this.monitorPort, host: this.monitorPort });
    const files = Object.entries(this.options.files ?? {}).map(([file, content]) => ({
      content,
      target: posix.join(FILES, file),
    }));
    let definition = new GenericContainer(image)
      .withExposedPorts(...ports)
      .withCopyContentToContainer([
        ...files,
        { content: this.configuration(this.options), target: CONFIG },
      ])
      .withCommand(['-c', CONFIG])
      .withStartupTimeout(START_MS)
      .withWaitStrategy(Wait.forLogMessage('Server is ready'));
    if (this.options.cluster && network) {
      definition = definition
        .withNetwork(network)
        .withNetworkAliases(routeHost(this.options.cluster.port));
    }
    this.container = await definition.start();
    await this.followLog();
    await this.ready(0);
    this.version = /Version:\s+(\S+)/.exec(this.log)?.[1] ?? '';
  }

  private configuration(options: NatsServerOptions): string {
    return natsConfig(options, {
      name: this.name,
      host: '0.0.0.0',
      port: this.port,
      monitorPort: this.monitorPort,
      advertise: `127.0.0.1:${this.port}`,
      routeHost,
      storeDirectory: '/data',
      filesDirectory: FILES,
    });
  }

  private handle(): ReturnType<Engine['container']['getById']> {
    if (!this.container) throw new Error(`nats-server ${this.name} was stopped`);
    return this.engine.container.getById(this.container.getId());
  }

  private async signal(signal: string): Promise<void> {
    if (await this.running()) await this.handle().kill({ signal });
  }

  private async running(): Promise<boolean> {
    return (await this.handle().inspect()).State.Running;
  }

  private async ended(): Promise<void> {
    await until(async () => !(await this.running()), { what: 'the container to end' });
  }

  /** The engine closes a log stream when the container ends, so it is opened again after each start. */
  private async followLog(): Promise<void> {
    const since = this.log === '' ? 0 : Math.floor(Date.now() / 1000) - 1;
    const stream = await this.container?.logs({ since });
    stream?.on('data', (line: Buffer | string) => (this.log += String(line)));
  }

  private async ready(before: number): Promise<void> {
    await until(() => this.log.slice(before).includes('Server is ready'), {
      timeoutMs: START_MS,
      what: () => `the container to be ready:\n${this.log}`,
    });
  }
}

function routeHost(port: number): string {
  return `route-${port}`;
}
