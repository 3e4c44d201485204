import { useState } from 'preact/hooks';
import type { UserMerge } from '../../enrollment/merge-users.js';
import { useCollection } from '../collection.js';
import { Dialog } from '../parts/dialog.js';
import { DialogActions } from '../parts/dialog-actions.js';
import { Name } from '../parts/name.js';
import { PersonField, userIdOf } from '../parts/person-field.js';
import type { KnownPerson } from '../parts/use-people.js';
import { useTask } from '../parts/use-task.js';
import { areUnlike, inWords } from './rejected-faces.js';

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
  const [rejected, setRejected] = useState<UserMerge['rejected']>([]);
  const task = useTask();
  const others = people.filter((person) => person.userId !== userId);
  const isUnlike = areUnlike(rejected);
  const merge = async (event: Event) => {
    event.preventDefault();
    let left: UserMerge['rejected'] = [];
    const remaining = { userId: into };
    const isDone = await task.run(async (signal) => {
      remaining.userId ??= userIdOf(name, people);
      const options = { signal, ...(isUnlike && { threshold: 0 }) };
      ({ rejected: left } = await collection.mergeUsers(userId, remaining.userId, options));
    });
    if (isDone && left.length === 0) onMerged(remaining.userId!);
    setRejected(left);
  };
  return (
    <Dialog title={into === undefined ? 'Merge into another person' : 'Merge the two?'} onClose={onClose}>
      <form onSubmit={merge}>
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
                setRejected([]);
              }}
            />
          </>
        ) : (
          <p>
            There is a <Name userId={into} /> already. If they are one person, all faces of{' '}
            <Name userId={userId} /> become theirs.
          </p>
        )}
        <DialogActions
          task={task}
          error={task.error ?? (rejected.length > 0 ? new Error(inWords(rejected)) : undefined)}
          label={isUnlike ? 'Merge all the same' : 'Merge'}
          busy="Merging …"
          isDangerous={isUnlike}
          cancel={rejected.length > 0 ? 'Leave as it is' : 'Cancel'}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}
