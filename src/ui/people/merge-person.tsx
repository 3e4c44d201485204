import { useState } from 'preact/hooks';
import { useCollection } from '../collection.js';
import { Dialog } from '../parts/dialog.js';
import { DialogActions } from '../parts/dialog-actions.js';
import { Name } from '../parts/name.js';
import { PersonField, userIdOf } from '../parts/person-field.js';
import type { KnownPerson } from '../parts/use-people.js';
import { useFaceMove } from './use-face-move.js';

interface MergePersonProps {
  userId: string;
  /** Who has the name already that this person was to have. Asked for without. */
  into?: string;
  people: readonly KnownPerson[];
  /** Gets who remains. */
  onMerged: (userId: string) => void;
  onClose: () => void;
}

/** Makes one person of two. Faces that are too unlike the one who remains stay, unless that is confirmed. */
export function MergePerson({ userId, into, people, onMerged, onClose }: MergePersonProps) {
  const collection = useCollection();
  const [name, setName] = useState('');
  const others = people.filter((person) => person.userId !== userId);
  const remaining = () => into ?? userIdOf(name, people);
  const move = useFaceMove(
    async (options) => (await collection.mergeUsers(userId, remaining(), options)).rejected,
    () => onMerged(remaining()),
  );
  return (
    <Dialog title={into === undefined ? 'Merge into another person' : 'Merge the two?'} onClose={onClose}>
      <form onSubmit={move.submit}>
        {into === undefined ? (
          <>
            <p>
              All faces of <Name userId={userId} /> become those of the other, whose name remains.
            </p>
            <PersonField
              label="Name of the other"
              people={others}
              value={name}
              onInput={(typed) => {
                setName(typed);
                move.startOver();
              }}
            />
          </>
        ) : (
          <p>
            There is a <Name userId={into} /> already. If they are one person, all faces of{' '}
            <Name userId={userId} /> become theirs.
          </p>
        )}
        <DialogActions {...move.actions('Merge')} busy="Merging …" onCancel={onClose} />
      </form>
    </Dialog>
  );
}
