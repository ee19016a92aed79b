import type { Program } from './program.js';
import type { Target, TargetName } from './target.interface.js';
import { withTopics } from './topics-url.js';

/** A server that the benchmark started. */
export class ProgramTarget implements Target {
  constructor(
    readonly name: TargetName,
    readonly program: Program,
    private readonly endSignal: NodeJS.Signals = 'SIGKILL',
  ) {}

  url(topics: readonly string[]): string {
    return withTopics(`${this.program.origin}/events`, topics);
  }

  cpuMs(): number {
    return this.program.cpuMs();
  }

  residentBytes(): number {
    return this.program.residentBytes();
  }

  memory(): Promise<NodeJS.MemoryUsage> {
    return this.program.memory();
  }

  stop(): Promise<void> {
    return this.program.stop(this.endSignal);
  }
}
