import { useState } from 'preact/hooks';
import type { RejectedFace } from '../../service/reasons.js';
import { useTask } from '../parts/use-task.js';
import { inWords } from './rejected-faces.js';

type Rejected = readonly RejectedFace<string>[];
type MoveOptions = { signal: AbortSignal; threshold?: number };

/**
 * Faces that are to become somebody's. Those that are too unlike that person stay, and are taken when it is asked for
 * once more.
 *
 * @param move answers those that stayed
 */
export function useFaceMove(move: (options: MoveOptions) => Promise<Rejected>, onMoved: () => void) {
  const [rejected, setRejected] = useState<Rejected>([]);
  const task = useTask();
  const isUnlike = rejected.some(({ reason }) => reason === 'LOW_MATCH_CONFIDENCE');
  return {
    async submit(event: Event) {
      event.preventDefault();
      let left: Rejected = [];
      const isDone = await task.run(async (signal) => {
        left = await move({ signal, ...(isUnlike && { threshold: 0 }) });
      });
      if (isDone && left.length === 0) onMoved();
      setRejected(left);
    },
    /** Somebody else is meant now. */
    startOver: () => setRejected([]),
    /** What `DialogActions` show. */
    actions: (verb: string) => ({
      task,
      error: task.error ?? (rejected.length > 0 ? new Error(inWords(rejected)) : undefined),
      label: isUnlike ? `${verb} all the same` : verb,
      isDangerous: isUnlike,
      cancel: rejected.length > 0 ? 'Leave as it is' : 'Cancel',
    }),
  };
}
