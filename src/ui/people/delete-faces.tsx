import { useCollection } from '../collection.js';
import { counted } from '../parts/counted.js';
import { Dialog } from '../parts/dialog.js';
import { DialogActions } from '../parts/dialog-actions.js';
import { Name } from '../parts/name.js';
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
      <DialogActions
        task={task}
        label="Delete"
        busy="Deleting …"
        isDangerous
        onCancel={onClose}
        onDo={erase}
      />
    </Dialog>
  );
}
