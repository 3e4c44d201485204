import { useCollection } from '../collection.js';
import { counted } from '../parts/counted.js';
import { Dialog } from '../parts/dialog.js';
import { Name } from '../parts/name.js';
import { Problem } from '../parts/problem.js';
import { useTask } from '../parts/use-task.js';
import { inWords } from './rejected-faces.js';

interface DeleteFacesProps {
  faceIds: readonly string[];
  /** Whose they are, if anybody's. */
  userId?: string;
  onClose: () => void;
}

export function DeleteFaces({ faceIds, userId, onClose }: DeleteFacesProps) {
  const collection = useCollection();
  const task = useTask();
  const erase = async () => {
    const isDone = await task.run(async (signal) => {
      const { rejected } = await collection.deleteFaces(faceIds, { evenIfAssociated: true, signal });
      // Those that are gone already are as they should be.
      const left = rejected.filter(({ reason }) => reason !== 'FACE_NOT_FOUND');
      if (left.length > 0) throw new Error(inWords(left));
    });
    if (isDone) onClose();
  };
  return (
    <Dialog title={`Delete ${counted(faceIds.length, 'face', 'faces')}?`} onClose={onClose}>
      <p>
        This cannot be undone
        {userId !== undefined && (
          <>
            , and <Name userId={userId} /> is recognised by other faces only from then on
          </>
        )}
        .
      </p>
      <Problem error={task.error} />
      <div class="actions">
        <button type="button" class="quiet" onClick={onClose}>
          Cancel
        </button>
        <button type="button" class="danger" disabled={task.isRunning} onClick={erase}>
          {task.isRunning ? 'Deleting …' : 'Delete'}
        </button>
      </div>
    </Dialog>
  );
}
