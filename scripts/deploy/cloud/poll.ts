export type Wait = (ms: number) => Promise<void>;

/** Tencent Cloud carries many requests out after it has answered them. This is how long we look. */
export const POLL_EVERY_MS = 2_000;
export const POLL_ATTEMPTS = 30;

/** Asks until the answer satisfies, at most POLL_ATTEMPTS times; gives the last answer, whatever it was. */
export async function until<T>(
  ask: () => Promise<T>,
  satisfies: (answer: T) => boolean,
  { wait, attempts = POLL_ATTEMPTS }: { wait: Wait; attempts?: number },
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const answer = await ask();
    if (satisfies(answer) || attempt >= attempts) return answer;
    await wait(POLL_EVERY_MS);
  }
}
