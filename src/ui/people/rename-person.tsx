import { useState } from 'preact/hooks';
import { fromUserId, toUserId } from '../../names.js';
import { useCollection } from '../collection.js';
import { Dialog } from '../parts/dialog.js';
import { DialogActions } from '../parts/dialog-actions.js';
import type { KnownPerson } from '../parts/use-people.js';
import { useTask } from '../parts/use-task.js';
import { MergePerson } from './merge-person.js';
import { renameUser } from './rename-user.js';

interface RenamePersonProps {
  userId: string;
  people: readonly KnownPerson[];
  /** Gets who it is now. */
  onRenamed: (userId: string) => void;
  onClose: () => void;
}

/** Asks for another name, and whether the two are one person where somebody has that name. */
export function RenamePerson({ userId, people, onRenamed, onClose }: RenamePersonProps) {
  const collection = useCollection();
  const [name, setName] = useState(fromUserId(userId));
  const [taken, setTaken] = useState<string>();
  const task = useTask();
  const rename = async (event: Event) => {
    event.preventDefault();
    if (name.trim() === fromUserId(userId)) return onClose();
    let isRenamed = false;
    const isDone = await task.run(async (signal) => {
      isRenamed = await renameUser(collection, userId, toUserId(name.trim()), signal);
    });
    if (!isDone) return;
    if (isRenamed) onRenamed(toUserId(name.trim()));
    else setTaken(toUserId(name.trim()));
  };
  if (taken !== undefined)
    return (
      <MergePerson userId={userId} into={taken} people={people} onMerged={onRenamed} onClose={onClose} />
    );
  return (
    <Dialog title="Rename" onClose={onClose}>
      <form onSubmit={rename}>
        <label>
          New name
          <input
            required
            dir="auto"
            maxLength={128}
            autocomplete="off"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <p class="aside">All faces stay. Programs that know this person by id must learn the new one.</p>
        <DialogActions task={task} label="Rename" busy="Renaming …" onCancel={onClose} />
      </form>
    </Dialog>
  );
}
