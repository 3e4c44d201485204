import { useState } from 'preact/hooks';
import type { FaceMove } from '../../enrollment/move-faces.js';
import { useCollection } from '../collection.js';
import { counted } from '../parts/counted.js';
import { Dialog } from '../parts/dialog.js';
import { DialogActions } from '../parts/dialog-actions.js';
import { Name } from '../parts/name.js';
import { PersonField, userIdOf } from '../parts/person-field.js';
import type { KnownPerson } from '../parts/use-people.js';
import { useTask } from '../parts/use-task.js';
import { areUnlike, inWords } from './rejected-faces.js';

interface MoveFacesProps {
  faceIds: readonly string[];
  /** Whose they are, if anybody's. */
  userId?: string;
  people: readonly KnownPerson[];
  onClose: () => void;
}

/** Asks whose faces are. Those that are too unlike that person stay, unless that is confirmed. */
export function MoveFaces({ faceIds, userId, people, onClose }: MoveFacesProps) {
  const collection = useCollection();
  const [name, setName] = useState('');
  const [rejected, setRejected] = useState<FaceMove['rejected']>([]);
  const task = useTask();
  const others = people.filter((person) => person.userId !== userId);
  const known = others.find((person) => person.name === name.trim());
  const isUnlike = areUnlike(rejected);
  const move = async (event: Event) => {
    event.preventDefault();
    let left: FaceMove['rejected'] = [];
    const isDone = await task.run(async (signal) => {
      const options = { signal, ...(isUnlike && { threshold: 0 }) };
      ({ rejected: left } = await collection.moveFaces(faceIds, userIdOf(name, people), options));
    });
    if (isDone && left.length === 0) onClose();
    setRejected(left);
  };
  return (
    <Dialog title={`Whose ${faceIds.length === 1 ? 'face is this' : 'faces are these'}?`} onClose={onClose}>
      <form onSubmit={move}>
        <PersonField
          label="Name"
          people={others}
          value={name}
          onInput={(typed) => {
            setName(typed);
            setRejected([]);
          }}
        />
        {name.trim() !== '' && (
          <p>
            {known ? (
              <>
                <Name userId={known.userId} /> is known, and is recognised by{' '}
                {faceIds.length === 1 ? 'this face' : 'these faces'} too from then on.
              </>
            ) : (
              <>
                Nobody has this name yet: a new person is made of {counted(faceIds.length, 'face', 'faces')}.
              </>
            )}
          </p>
        )}
        <DialogActions
          task={task}
          error={task.error ?? (rejected.length > 0 ? new Error(inWords(rejected)) : undefined)}
          label={isUnlike ? 'Move all the same' : 'Move'}
          busy="Moving …"
          isDangerous={isUnlike}
          cancel={rejected.length > 0 ? 'Leave as it is' : 'Cancel'}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}
