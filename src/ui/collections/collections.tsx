import { useState } from 'preact/hooks';
import { FaceCollection } from '../../face-collection.js';
import { isScratch } from '../../service/scratch-collection.js';
import { counted } from '../parts/counted.js';
import { Dialog } from '../parts/dialog.js';
import { DialogActions } from '../parts/dialog-actions.js';
import { Problem } from '../parts/problem.js';
import { useAnswer } from '../parts/use-answer.js';
import { useTask } from '../parts/use-task.js';
import { goTo, linkTo } from '../route.js';
import { useSession } from '../session.js';

/** Every collection, with how much is in it. */
export function Collections() {
  const { client } = useSession();
  const { value, error, refresh } = useAnswer(
    async (signal) => {
      const all = await Array.fromAsync(FaceCollection.list({ client, signal }));
      return Promise.all(
        all.map(({ collectionId }) => new FaceCollection(collectionId, { client }).describe({ signal })),
      );
    },
    [client],
  );
  const [isMaking, setMaking] = useState(false);
  const [deleting, setDeleting] = useState<string>();
  return (
    <>
      <div class="heading">
        <h1>Collections</h1>
        <button type="button" onClick={() => setMaking(true)}>
          New collection
        </button>
      </div>
      <Problem error={error} />
      {value?.length === 0 && <p>There is no collection yet. Make one, and enrol people in it.</p>}
      <ul class="cards">
        {value?.map(({ collectionId, faceCount, userCount, createdAt }) => (
          <li key={collectionId} class="card">
            <h2>
              <a href={linkTo({ collectionId, room: 'people' })}>{collectionId}</a>
            </h2>
            <p>
              {counted(userCount, 'person', 'people')}, {counted(faceCount, 'face')}
            </p>
            {isScratch(collectionId) && (
              <p class="aside">
                Made to group or to evaluate faces, and deleted after it. Delete it if nothing of that is
                running: it was broken off then.
              </p>
            )}
            {createdAt && <p class="aside">made on {createdAt.toLocaleDateString()}</p>}
            <button type="button" class="quiet" onClick={() => setDeleting(collectionId)}>
              Delete
            </button>
          </li>
        ))}
      </ul>
      {isMaking && <NewCollection onClose={() => setMaking(false)} />}
      {deleting !== undefined && (
        <DeleteCollection
          collectionId={deleting}
          onClose={() => {
            setDeleting(undefined);
            refresh();
          }}
        />
      )}
    </>
  );
}

function NewCollection({ onClose }: { onClose: () => void }) {
  const { client } = useSession();
  const [name, setName] = useState('');
  const task = useTask();
  const make = async (event: Event) => {
    event.preventDefault();
    const isMade = await task.run(async (signal) => {
      await new FaceCollection(name, { client }).create({ signal });
    });
    if (isMade) goTo({ collectionId: name, room: 'enrol' });
  };
  return (
    <Dialog title="New collection" onClose={onClose}>
      <form onSubmit={make}>
        <label>
          Its name: letters, digits, and any of _ . -
          <input required value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        <DialogActions task={task} label="Make it" onCancel={onClose} />
      </form>
    </Dialog>
  );
}

function DeleteCollection({ collectionId, onClose }: { collectionId: string; onClose: () => void }) {
  const { client } = useSession();
  const task = useTask();
  const erase = async () => {
    const isDone = await task.run(async (signal) => {
      await new FaceCollection(collectionId, { client }).delete({ signal });
    });
    if (isDone) onClose();
  };
  return (
    <Dialog title={`Delete ${collectionId}?`} onClose={onClose}>
      <p>All its people and faces are deleted, for good.</p>
      <DialogActions task={task} label="Delete all" isDangerous onCancel={onClose} onDo={erase} />
    </Dialog>
  );
}
