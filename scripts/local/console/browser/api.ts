import type { CollectionDocuments, ConsoleEvent, ConsoleState, Outcome } from '../wire.ts';

/** The server is ours and of the same build: what it sends is taken as wire.ts says. */
async function read<Answer>(path: string): Promise<Answer> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  const answer: Answer = await response.json();
  return answer;
}

export const readState = () => read<ConsoleState>('/api/state');

export const readDocuments = (name: string) =>
  read<CollectionDocuments>(`/api/documents/${encodeURIComponent(name)}`);

/** Presses a button; what goes wrong on the way is an outcome as well. */
export async function press(path: string, body: object): Promise<Outcome> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const outcome: Outcome = await response.json();
    return outcome;
  } catch {
    return { ok: false, message: '本地世界没有回应。它还在运行吗？' };
  }
}

/** Follows the trace; the browser reconnects by itself and says which event it had last. */
export function follow(listener: {
  readonly onEvents: (events: readonly ConsoleEvent[]) => void;
  readonly onLive: (isLive: boolean) => void;
}): void {
  const source = new EventSource('/api/events');
  let world: string | undefined;
  source.addEventListener('world', ({ data }) => {
    listener.onLive(true);
    // Another world counts its events from 1 again, and may come with another page.
    if (world !== undefined && world !== data) location.reload();
    world = data;
  });
  source.addEventListener('events', ({ data }) => listener.onEvents(JSON.parse(data)));
  source.addEventListener('error', () => listener.onLive(false));
}
