import { type MessagePort, parentPort } from 'node:worker_threads';
import { UnreadableImageError } from '../../src/errors.js';
import { toFailure } from '../../src/local/vision/threads/worker-answer.js';

/** What the fake worker does with a job. */
export type FakeJob =
  | { do: 'answer'; with: string }
  /** Answers when something is sent through the port. */
  | { do: 'wait'; for: MessagePort; with: string }
  | { do: 'fail' }
  | { do: 'die' };

parentPort?.on('message', (job: FakeJob) => {
  if (job.do === 'answer') parentPort?.postMessage({ result: job.with });
  if (job.do === 'wait') {
    job.for.once('message', () => {
      job.for.close();
      parentPort?.postMessage({ result: job.with });
    });
    job.for.postMessage('started');
  }
  if (job.do === 'fail') {
    const error = new UnreadableImageError('party.jpg', 'NOT_AN_IMAGE', 'it is empty.', {
      cause: new Error('why'),
    });
    parentPort?.postMessage({ failure: toFailure(error) });
  }
  if (job.do === 'die') throw new Error('Out of memory.');
});
