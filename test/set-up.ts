import { afterEach } from 'vitest';
import { explainFailure } from './failures.ts';

afterEach(({ task }) => {
  if (task.result?.state === 'fail') explainFailure();
});
