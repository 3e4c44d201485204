import { once } from 'node:events';
import { type MessagePort, threadId } from 'node:worker_threads';
import { UnreadableImageError } from '../../src/errors.js';
import { runJobs } from '../../src/local/vision/threads/worker-loop.js';

/** What the fake worker does with a job. */
export type FakeJob =
  | { do: 'answer'; with: string }
  /** Answers when something is sent through the port, whether it was cancelled or not. */
  | { do: 'wait'; for: MessagePort; with: string }
  | { do: 'wait until it is cancelled' }
  /** Which thread does it. */
  | { do: 'tell the thread' }
  | { do: 'fail' }
  | { do: 'die' };

runJobs(
  async (job: FakeJob, signal): Promise<string> => {
    switch (job.do) {
      case 'answer':
        return job.with;
      case 'wait': {
        const released = once(job.for, 'message');
        job.for.postMessage('started');
        await released;
        job.for.close();
        return job.with;
      }
      case 'wait until it is cancelled':
        await once(signal, 'abort');
        throw signal.reason;
      case 'tell the thread':
        return String(threadId);
      case 'fail':
        throw new UnreadableImageError('party.jpg', 'NOT_AN_IMAGE', 'it is empty.', {
          cause: new Error('why'),
        });
      case 'die':
        // Not as a rejection, which the thread would answer.
        setImmediate(() => {
          throw new Error('Out of memory.');
        });
        return new Promise(() => {});
    }
  },
  new Promise((resolve) => setTimeout(resolve, 20, 'fake')),
);
