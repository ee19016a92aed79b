/** How it is measured: the part of the page that does not change with the figures. */
export const METHOD = `## How it is measured

\`\`\`sh
npm run bench                            # everything, about a quarter of an hour
npm run bench -- --quick                 # a minute, small crowds, one run: what CI does
npm run bench -- --scenario burst,idle --runs 5
npm run bench:metrics                    # what counting costs
npm run bench:starts                     # what starts with history cost
npm run bench:report                     # this page, out of docs/benchmarks/results.json
\`\`\`

A run starts a real nats-server (\`NATS_SERVER_BIN\`, \`.toolchain/bin\` or PATH), then each program as a fresh process, then the load; the order of the programs changes from run to run, and ratios are taken within a run.

- **service**: the built service, \`NODE_ENV=production\`, default settings but where a scenario names others. Nothing in it knows of the benchmark; a module loaded beside it (\`bench/programs/memory-probe.ts\`, in the limit programs too) answers with the memory after a collection.
- **http**: a bare \`http\` server that reads the stream with a bare consumer, joins the frames of a tick and writes shared Buffers. No bounds, no slow clients, no checks: a limit, not a rival.
- **sse**: a Nest \`@Sse()\` route that does the same and nothing else.
- **consumer**: a bare supervised consumer that counts messages.
- **the load client**: processes of their own, bare sockets, a reader that unwraps chunks in place. A sample of the clients checks every frame (ids rise, count is exact, stored time to receipt on the same clock); the others compare their bytes with it. A run in which anything is missing, late beyond patience or twice is a failure, not a figure. The scenario \`ceiling\` shows what the client itself can read.
- **CPU time** is the scheduler's account of all threads of the server process (\`/proc/<pid>/task/*/schedstat\`). It says more than the rate where load, server and broker share few cores: the fastest server then waits for its clients.
- **memory** is taken after a full collection, as growth over the start.
- **metrics** are part of what is measured. In CPU profiles of the service (\`--service-flags=--cpu-prof\`) prom-client and the adapter take 0.3 % of \`burst\`, 0.2 % of \`paced\` and 4 % of \`private\`, where each of 2 000 channels observes the lag of every common message. \`npm run bench:metrics\` compares the service with one whose metrics are a no-op (\`bench/programs/silent-metrics.ts\`, loaded beside it), by turns, burst after burst to 1 000 clients; on 2 noisy cores single pairs differ by 20 %, and the medians of 6 to 40 pairs came out between -2 % and +11 %, so they cannot tell 3 % from nothing.`;

/** What `start` costs: figures of `npm run bench:starts`, which stand beside no limit program. */
export const STARTS = `## Starts

\`npm run bench:starts\`: 2 000 clients at once, messages of 200 bytes, in turns on one process; medians of 5 rounds, and of 5 runs of these on 2 noisy cores; the rows in JetStream are of one run. The values were written before 10 000 other messages, so that the window holds none of them.

| last values | crowd | until all have everything | to the resume | CPU | consumers |
| --- | --- | ---: | ---: | ---: | ---: |
| in memory | resume inside the window, 20 messages behind | 1 087 ms | 1.00 | 1 125 ms | 0 |
| in memory | \`start=last\` of 20 topics | 1 196 ms | 1.16 (1.06–1.23) | 1 231 ms | 0 |
| in memory | \`start=last\` of a topic of one's own | 1 170 ms | 1.15 (0.98–1.26) | 1 269 ms | 0 |
| in JetStream (\`last_values_max_messages: 0\`) | \`start=last\` of 20 topics | 5 494 ms | 5.06 | 4 313 ms | 2 000 |
| in JetStream | \`start=last\` of a topic of one's own | 2 872 ms | 2.64 | 2 611 ms | 2 000 |

\`start=last:50\` of a topic that is one message in a thousand of a stream of 1 000 000: 15 JetStream calls (at most 16 in 20 requests), 53 ms.

Pages of history, one after another by one client with \`limit=1000\`, parsed by it; the median of 5 walks, and of 5 runs:

| pages from | bytes a message | messages | messages/s | MB/s |
| ---------- | --------------: | -------: | ---------: | ---: |
| the window | 200 | 50 000 | 86 579 | 17.3 |
| JetStream | 200 | 50 000 | 53 418 | 10.7 |
| the window | 10 000 | 20 000 | 13 788 | 137.9 |
| JetStream | 10 000 | 20 000 | 9 590 | 95.9 |
| the window | 100 000 | 2 000 | 1 234 | 123.4 |
| JetStream | 100 000 | 2 000 | 876 | 87.6 |`;

/** How another server is measured. */
export const PEERS = `## Measuring another server

Any server that reads the stream \`BENCH\` (subjects \`bench.>\`, no prefix) and answers \`GET <url>?topic=…\` with an event stream whose ids are stream sequences can stand beside the service, under the same load in the same run:

\`\`\`sh
npm run bench -- --nats-port 4333 --url 'http://127.0.0.1:8081/events' --name 'the peer' --pid 12345
\`\`\`

The bench starts nats-server on that port, makes the stream, prints where it is, and waits for the URL to answer: start the peer then, with its own start command, connected to \`nats://127.0.0.1:4333\`. \`--nats-url\` takes a nats-server that runs already, so that a peer may be up before. \`--pid\` gives its CPU time. Topics go into the query as \`topic\`; a URL with \`{topics}\` gets them there instead, separated by commas. The original NUTS, a Caddy module, is such a peer: build Caddy with it, and configure \`nats_url\`, \`stream_name BENCH\` and no prefix. The scenario \`idle\` needs the memory after a collection, and leaves peers out; in \`storm-restart\` a peer is not restarted.`;
