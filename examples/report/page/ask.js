/**
 * Asks a service and yields its replies as they come: `{ payload, progress }`.
 * Leaving the loop, or aborting the signal, ends the request.
 */
export async function* ask(url, question, { signal, headers = {} } = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { Accept: 'text/event-stream', 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(question),
    signal,
  });
  if (!response.ok) {
    const { message } = await response.json().catch(() => ({ message: response.statusText }));
    throw new Error(message);
  }
  for await (const { event, data } of events(response.body)) {
    if (event === 'reply') yield data;
    if (event === 'failed') throw new Error(data.message);
    if (event === 'end') return;
  }
  throw new Error('The connection was lost');
}

/** The events of an event stream with JSON data, without comments and IDs. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (text + value).split('\n\n');
      text = blocks.pop();
      for (const block of blocks) {
        const event = /^event: (.*)$/m.exec(block)?.[1];
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) };
      }
    }
  } finally {
    // Also if the generator is stopped early: closing the connection cancels the request.
    await reader.cancel().catch(() => undefined);
  }
}
