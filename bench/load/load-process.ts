import { ClientGroup } from './client-group.js';
import type { LoadCalls, LoadReply, LoadRequest } from './load-protocol.interface.js';
import { WallClock } from './wall-clock.js';

const clock = new WallClock();
const groups = new Map<string, ClientGroup>();

const calls: LoadCalls = {
  open(params) {
    clock.calibrate();
    const group = new ClientGroup(params, clock);
    groups.set(params.group, group);
    return group.open();
  },
  until: ({ group, id, timeoutMs }) => find(group).until(id, timeoutMs),
  report: ({ group }) => Promise.resolve(find(group).report()),
  reset: ({ group }) => Promise.resolve(find(group).reset()),
  close({ group }) {
    find(group).close();
    groups.delete(group);
    return Promise.resolve();
  },
  cpu() {
    const { user, system } = process.cpuUsage();
    return Promise.resolve({ ms: (user + system) / 1000 });
  },
};

function find(name: string): ClientGroup {
  const group = groups.get(name);
  if (group === undefined) throw new Error(`no group "${name}"`);
  return group;
}

async function answer({ number, method, params }: LoadRequest): Promise<LoadReply> {
  try {
    return { number, result: await calls[method](params as never) };
  } catch (error) {
    return { number, error: error instanceof Error ? error.message : String(error) };
  }
}

process.on('message', (request: LoadRequest) => {
  void answer(request).then((reply) => process.send?.(reply));
});
// The benchmark has ended, for whatever reason.
process.on('disconnect', () => process.exit());
