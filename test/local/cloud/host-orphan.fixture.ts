// A local world of one function, in the directory it is reported: writes the process id of its instance and waits to be killed.
import { WorldClock } from '../../../scripts/local/clock.ts';
import { FunctionHost } from '../../../scripts/local/cloud/functions/host.ts';
import { Trace } from '../../../scripts/local/trace.ts';

const [, , directory = ''] = process.argv;
const clock = new WorldClock();
const host = new FunctionHost({
  clock,
  trace: new Trace(() => clock.now()),
  functions: [{ name: 'pid', timeout: 5, memorySize: 256, environment: [], invoke: 'shoppers' }],
  directory,
  envId: 'local-1',
  baseEnv: {},
});
console.log(await host.callFromFunction('pid', {}));
