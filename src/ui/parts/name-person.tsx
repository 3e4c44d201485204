import { useState } from 'preact/hooks';
import type { ImageSource } from '../../images/image-source.js';
import { useCollection } from '../collection.js';
import { Dialog } from './dialog.js';
import { DialogActions } from './dialog-actions.js';
import { PersonField, userIdOf } from './person-field.js';
import { SourcePicture } from './source-picture.js';
import { usePeople } from './use-people.js';
import { useTask } from './use-task.js';

interface NamePersonProps {
  /** Faces of one person, cut out. The first is shown. */
  faces: readonly ImageSource[];
  /** Gets who it is. */
  onNamed: (userId: string) => void;
  onClose: () => void;
}

/** Asks who somebody is, and enrols their faces: as a new person, or with those of one that is known. */
export function NamePerson({ faces, onNamed, onClose }: NamePersonProps) {
  const collection = useCollection();
  const people = usePeople();
  const [name, setName] = useState('');
  const task = useTask();
  const enrol = async (event: Event) => {
    event.preventDefault();
    let userId = '';
    const isDone = await task.run(async (signal) => {
      userId = userIdOf(name, people.items);
      const { associated, rejected } = await collection.enrollUser(userId, faces, {
        severalFaces: 'largest',
        signal,
      });
      if (associated.length > 0) return;
      const reasons = rejected.map(({ reason }) => reason).join(', ');
      throw new Error(`None of these faces could be enrolled as ${name.trim()}: ${reasons}.`);
    });
    if (isDone) onNamed(userId);
  };
  return (
    <Dialog title="Who is this?" onClose={onClose}>
      <form onSubmit={enrol}>
        <SourcePicture source={faces[0]!} alt="The face to name" />
        <PersonField label="Name" people={people.items} value={name} onInput={setName} />
        <DialogActions task={task} label="Enrol" busy="Enrolling …" onCancel={onClose} />
      </form>
    </Dialog>
  );
}
