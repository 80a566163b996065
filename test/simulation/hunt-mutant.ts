import { hunt } from './campaign.ts';
import { loadEngine } from './load-subject.ts';
import { MUTANTS } from './mutants.ts';
import { answerTasks } from './processes.ts';

// One of the processes among which deliberate bugs are shared.
const { run, openSdk } = await loadEngine();
const ground = { run, openDatabase: await openSdk() };

answerTasks(async (wanted: string) => {
  const mutant = MUTANTS.find(({ name }) => name === wanted);
  if (!mutant) throw new Error(`No deliberate bug is called ${wanted}.`);
  return { mutant, result: await hunt(mutant, ground) };
});
