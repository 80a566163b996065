import { loadEngine, loadSubject } from './load-subject.ts';
import { answerTasks } from './processes.ts';

// One of the processes among which seeds are shared.
const { run, openSdk } = await loadEngine();
const world = { subject: await loadSubject('as it is'), openDatabase: await openSdk() };

answerTasks((seed: number) => run(seed, world));
