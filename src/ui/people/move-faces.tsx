import { useState } from 'preact/hooks';
import { useCollection } from '../collection.js';
import { counted } from '../parts/counted.js';
import { Dialog } from '../parts/dialog.js';
import { DialogActions } from '../parts/dialog-actions.js';
import { Name } from '../parts/name.js';
import { PersonField, userIdOf } from '../parts/person-field.js';
import type { KnownPerson } from '../parts/use-people.js';
import { useFaceMove } from './use-face-move.js';

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
  const others = people.filter((person) => person.userId !== userId);
  const known = others.find((person) => person.name === name.trim());
  const move = useFaceMove(
    async (options) => (await collection.moveFaces(faceIds, userIdOf(name, people), options)).rejected,
    onClose,
  );
  return (
    <Dialog title={`Whose ${faceIds.length === 1 ? 'face is this' : 'faces are these'}?`} onClose={onClose}>
      <form onSubmit={move.submit}>
        <PersonField
          label="Name"
          people={others}
          value={name}
          onInput={(typed) => {
            setName(typed);
            move.startOver();
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
        <DialogActions {...move.actions('Move')} busy="Moving …" onCancel={onClose} />
      </form>
    </Dialog>
  );
}
