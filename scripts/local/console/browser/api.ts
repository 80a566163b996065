import type { CollectionDocuments, ConsoleState, LogLine, Outcome } from '../wire.ts';
import type { Source } from './source.ts';

/** The server is ours and of the same build: what it sends is taken as wire.ts says. */
async function read<Answer>(path: string, query: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const given = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  const response = await fetch(given.size > 0 ? `${path}?${given}` : path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  const answer: Answer = await response.json();
  return answer;
}

/** The world that runs behind this page. */
export const liveWorld: Source = {
  readState: (find) => read<ConsoleState>('/api/state', { find }),
  readLogs: (find) => read<readonly LogLine[]>('/api/logs', { find }),
  readDocuments,
  follow,
};

async function readDocuments(name: string, where: string): Promise<CollectionDocuments | Outcome> {
  const query = where === '' ? '' : `?${new URLSearchParams({ where })}`;
  const response = await fetch(`${documentsPath(name)}${query}`);
  const answer: CollectionDocuments | Outcome = await response.json();
  return answer;
}

/** @param _id as text of JSON */
export const readDocumentText = (name: string, _id: string) =>
  read<{ readonly text: string }>(`${documentsPath(name)}/text`, { _id });

export function documentsPath(name: string): string {
  return `/api/documents/${encodeURIComponent(name)}`;
}

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
    return { ok: false, code: 'NO_ANSWER', message: 'The local world does not answer.' };
  }
}

/** The browser reconnects by itself and says which event it had last. */
function follow(listener: Parameters<Source['follow']>[0]): void {
  const source = new EventSource('/api/events');
  let world: string | undefined;
  source.addEventListener('world', ({ data }) => {
    listener.onLive(true);
    // Another world may count its events anew, and may come with another page.
    if (world !== undefined && world !== data) location.reload();
    world = data;
  });
  source.addEventListener('events', ({ data }) => listener.onEvents(JSON.parse(data)));
  source.addEventListener('error', () => listener.onLive(false));
}
