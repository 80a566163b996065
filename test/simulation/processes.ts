import { fork } from 'node:child_process';
import { once } from 'node:events';

/** As this process was started, and with what reads TypeScript, which a process of vitest does otherwise. */
const EXEC_ARGV = process.execArgv.includes('tsx')
  ? process.execArgv
  : [...process.execArgv, '--import', 'tsx'];

/** What a task was answered, and what it cost the process that did it. */
interface Done<Answer> {
  readonly answer: Answer;
  readonly cpuSeconds: number;
}

/**
 * Shares tasks among so many processes, each of which is given the next one when it has answered.
 * @param program a module that calls `answerTasks`
 * @param onAnswer is called in the order in which tasks end, which is not the order of `tasks`
 * @returns the seconds of CPU that the tasks took, without the time in which the processes started
 * @throws Error when a process ends before its tasks; what went wrong is on stderr
 */
export async function inProcesses<Task extends number | string, Answer>(
  program: URL,
  tasks: readonly Task[],
  { jobs, onAnswer }: { readonly jobs: number; readonly onAnswer: (answer: Answer) => void },
): Promise<number> {
  const waiting = tasks.values();
  let cpuSeconds = 0;
  const work = async () => {
    const child = fork(program, { execArgv: [...EXEC_ARGV], serialization: 'advanced' });
    const ended = once(child, 'exit').then(() => {
      throw new Error('A process of the simulation ended before its tasks.');
    });
    try {
      for (const task of waiting) {
        child.send(task);
        const [done]: Done<Answer>[] = await Promise.race([once(child, 'message'), ended]);
        if (!done) throw new Error('A process of the simulation answered nothing.');
        cpuSeconds += done.cpuSeconds;
        onAnswer(done.answer);
      }
    } finally {
      child.kill();
      await ended.catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, tasks.length) }, work));
  return cpuSeconds;
}

/** Answers one task after the other for as long as somebody is there to give them. */
export function answerTasks<Task extends number | string, Answer>(
  answerTo: (task: Task) => Promise<Answer>,
): void {
  process.on('message', async (task: Task) => {
    const before = process.cpuUsage();
    const answer = await answerTo(task);
    const { user, system } = process.cpuUsage(before);
    process.send?.({ answer, cpuSeconds: (user + system) / 1e6 } satisfies Done<Answer>);
  });
  process.on('disconnect', () => process.exit());
}
