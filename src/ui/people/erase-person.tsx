import { useMemo, useState } from 'preact/hooks';
import type { Erasure } from '../../enrollment/erase.js';
import { fromUserId } from '../../names.js';
import { useCollection } from '../collection.js';
import { counted } from '../parts/counted.js';
import { Dialog } from '../parts/dialog.js';
import { DialogActions } from '../parts/dialog-actions.js';
import { Name } from '../parts/name.js';
import { useObjectUrl } from '../parts/use-object-url.js';
import { useTask } from '../parts/use-task.js';

interface ErasePersonProps {
  userId: string;
  /** How many faces are to be erased, as far as is known. */
  faces: number | undefined;
  onErased: () => void;
  onClose: () => void;
}

/** What was erased, and when: for who has to show it. */
interface ErasureReceipt extends Erasure {
  collectionId: string;
  userId: string;
  name: string;
  /** ISO 8601. */
  erasedAt: string;
}

/** Erases a person after asking, and shows the receipt. */
export function ErasePerson({ userId, faces, onErased, onClose }: ErasePersonProps) {
  const collection = useCollection();
  const { collectionId } = collection;
  const [receipt, setReceipt] = useState<ErasureReceipt>();
  const task = useTask();
  const erase = () =>
    task.run(async (signal) => {
      const erasure = await collection.eraseUser(userId, { signal });
      const erasedAt = new Date().toISOString();
      setReceipt({ collectionId, userId, name: fromUserId(userId), erasedAt, ...erasure });
    });
  if (receipt) return <Receipt receipt={receipt} onClose={onErased} />;
  return (
    <Dialog title="Erase this person?" onClose={onClose}>
      <p>
        <Name userId={userId} /> and {faces === undefined ? 'all faces' : counted(faces, 'face', 'faces')} are
        deleted for good, with their pictures if the server keeps any. Nobody is found as{' '}
        <Name userId={userId} /> from then on.
      </p>
      <DialogActions task={task} label="Erase" busy="Erasing …" isDangerous onCancel={onClose} onDo={erase} />
    </Dialog>
  );
}

function Receipt({ receipt, onClose }: { receipt: ErasureReceipt; onClose: () => void }) {
  const { userId, erasedAt, userDeleted, deletedFaceIds } = receipt;
  const file = useMemo(
    () => new Blob([`${JSON.stringify(receipt, null, 2)}\n`], { type: 'application/json' }),
    [receipt],
  );
  const url = useObjectUrl(file);
  return (
    <Dialog title="Erased" onClose={onClose}>
      <p role="status">
        <Name userId={userId} />
        {userDeleted ? ' and ' : ' was gone already; '}
        {counted(deletedFaceIds.length, 'face', 'faces')} erased on {new Date(erasedAt).toLocaleString()}.
      </p>
      {deletedFaceIds.length > 0 && (
        <details>
          <summary>Ids of the faces</summary>
          <ul class="ids">
            {deletedFaceIds.map((faceId) => (
              <li key={faceId}>
                <code>{faceId}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
      <div class="actions">
        {url && (
          <a class="button quiet" href={url} download={`erasure-${userId}.json`}>
            Download the receipt
          </a>
        )}
        <button type="button" onClick={onClose}>
          Done
        </button>
      </div>
    </Dialog>
  );
}
