/** The method: the part of the page that does not depend on the results. */
export const METHOD = `## How it is measured

\`\`\`sh
npm run bench                            # everything, about a quarter of an hour
npm run bench -- --quick                 # a minute, small crowds, one run: what CI does
npm run bench -- --scenario burst,idle --runs 5
npm run bench:metrics                    # the cost of metrics
npm run bench:starts                     # the cost of starts with history
npm run bench:compression                # the savings and cost of gzip
npm run bench:report                     # generates this page from docs/benchmarks/results.json
\`\`\`

A run starts a real nats-server (\`NATS_SERVER_BIN\`, \`.toolchain/bin\` or PATH), then each program as a fresh process, then the load; the order of the programs changes between runs, and ratios are calculated within a run.

- **service**: the built service, \`NODE_ENV=production\`, default settings unless a scenario changes them. It contains no code for the benchmark; a module loaded with it (\`bench/programs/memory-probe.ts\`, in the limit programs too) reports the memory after a garbage collection.
- **http**: a bare \`http\` server that reads the stream with a bare consumer, joins the frames of a tick and writes shared Buffers. It has no limits, no handling of slow clients and no checks: it shows what is possible, and is not an alternative.
- **sse**: a Nest \`@Sse()\` route that does the same and nothing else.
- **consumer**: a bare supervised consumer that counts messages.
- **the load client**: separate processes with raw sockets that decode chunks in place. A sample of the clients checks every frame (ascending IDs, exact count, time from storing to receipt on the same clock); the others compare their bytes with the sample. A run with missing, duplicate or too late messages fails and gives no figure. The scenario \`ceiling\` shows what the client itself can read.
- **CPU time** is the scheduler's account of all threads of the server process (\`/proc/<pid>/task/*/schedstat\`). It is more informative than the rate when load, server and broker share few cores, because the fastest server then waits for its clients.
- **memory** is the growth since the start, measured after a full garbage collection.
- **metrics** are included in the measurements. In CPU profiles of the service (\`--service-flags=--cpu-prof\`) prom-client and the adapter take 0.3 % of \`burst\`, 0.2 % of \`paced\` and 4 % of \`private\`, where each of 2 000 channels observes the lag of every common message. \`npm run bench:metrics\` compares the service with one whose metrics are a no-op (\`bench/programs/silent-metrics.ts\`, loaded with it), with alternating bursts to 1 000 clients. On 2 noisy cores, single pairs differ by 20 %, and the medians of 6 to 40 pairs were between -2 % and +11 %, so a cost of 3 % cannot be detected.`;

/** What `start` costs: figures of `npm run bench:starts`, which stand beside no limit program. */
export const STARTS = `## Starts

\`npm run bench:starts\`: 2 000 clients at once, messages of 200 bytes, on one process with 2 noisy cores. Each crowd comes in two ways by turns: as a resume inside the window, and with \`start=last\`. Both get one message per topic. All topics but one have their value outside the window. Medians of 15 rounds of one run; in brackets the range of the ratio over four runs (CPU: two).

| last values | crowd | resume | \`start=last\` | ratio | CPU ratio | consumers |
| --- | --- | ---: | ---: | ---: | ---: | ---: |
| in memory | two topics | 416 ms | 423 ms | 1.02 (1.02–1.07) | 1.02 (1.02–1.09) | 0 |
| in memory | 20 topics | 458 ms | 457 ms | 1.00 (1.00–1.04) | 0.98 (0.98–1.04) | 0 |
| in memory | a topic of one's own and a common one | 464 ms | 484 ms | 1.04 (1.04–1.09) | 0.96 (0.96–1.01) | 0 |
| in JetStream (\`last_values_max_messages: 0\`) | two topics | 446 ms | 1 955 ms | 4.38 | 3.53 | 2 000 |
| in JetStream | 20 topics | 481 ms | 2 822 ms | 5.86 | 4.71 | 2 000 |
| in JetStream | a topic of one's own and a common one | 473 ms | 1 962 ms | 4.15 | 3.31 | 2 000 |

The load generator shares the cores. It reads one event more with \`start=last\`: \`event: live\`.

\`start=last:50\` of a topic that is one message in a thousand of a stream of 1 000 000: 15 JetStream calls in each of 20 requests, 20 ms (median).

Pages of history, one after another by one client with \`limit=1000\`, which parses them; the median of 5 walks:

| pages from | bytes a message | messages | messages/s | MB/s |
| ---------- | --------------: | -------: | ---------: | ---: |
| the window | 200 | 50 000 | 148 565 | 29.7 |
| JetStream | 200 | 50 000 | 101 086 | 20.2 |
| the window | 10 000 | 20 000 | 18 060 | 180.6 |
| JetStream | 10 000 | 20 000 | 9 678 | 96.8 |
| the window | 100 000 | 2 000 | 2 128 | 212.8 |
| JetStream | 100 000 | 2 000 | 1 242 | 124.2 |`;

/** What compression saves and costs: figures of `npm run bench:compression`. */
export const COMPRESSION = `## Compression

\`npm run bench:compression\`: 1 000 clients with and without gzip by turns, JSON of about 200 bytes with varying figures; medians of 3 rounds of one run.

| load | bytes per client and message | CPU | p50 | p99 |
| --- | ---: | ---: | ---: | ---: |
| 100 messages/s to all | 251 → 53.6 (0.21) | 1.04 | 1.08 | 1.04 |
| 5 000 messages at once to all | 252 → 30.2 (0.12) | 0.73 | 0.89 | 0.85 |
| a topic for each, 1 000 messages/s in all | 254 → 259 (1.02) | 0.99 | 0.89 | 1.67 (1.3 → 2.2 ms) |

The other columns are ratios, with gzip to without. A message for a single client is stored uncompressed inside the gzip stream.`;

/** How another server is measured. */
export const PEERS = `## Measuring another server

Any server that reads the stream \`BENCH\` (subjects \`bench.>\`, no prefix) and answers \`GET <url>?topic=…\` with an event stream whose ids are stream sequences can be compared with the service, under the same load in the same run:

\`\`\`sh
npm run bench -- --nats-port 4333 --url 'http://127.0.0.1:8081/events' --name 'the peer' --pid 12345
\`\`\`

The bench starts nats-server on that port, creates the stream, prints its address, and waits until the URL responds. Start the peer at this point with its own command, connected to \`nats://127.0.0.1:4333\`. \`--nats-url\` uses a running nats-server, so that the peer can be started earlier. \`--pid\` measures its CPU time. Topics are sent in the query as \`topic\`; a URL with \`{topics}\` contains them there instead, separated by commas. The original NUTS, a Caddy module, is such a peer: build Caddy with it, and configure \`nats_url\`, \`stream_name BENCH\` and no prefix. The scenario \`idle\` needs the memory after a garbage collection and does not include peers. In \`storm-restart\` a peer is not restarted.`;
