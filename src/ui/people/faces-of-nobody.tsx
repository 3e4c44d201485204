import { useState } from 'preact/hooks';
import type { Face } from '../../types.js';
import { counted } from '../parts/counted.js';
import type { KnownPerson } from '../parts/use-people.js';
import { FaceList } from './face-list.js';

interface FacesOfNobodyProps {
  faces: readonly Face[];
  people: readonly KnownPerson[];
  onChange: () => void;
}

/** Faces that are in the collection and are no user's. It stands above the people, for below them is far. */
export function FacesOfNobody({ faces, people, onChange }: FacesOfNobodyProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="nobody" open={isOpen} onToggle={({ currentTarget: { open } }) => setOpen(open)}>
      <summary>{counted(faces.length, 'face belongs', 'faces belong')} to nobody</summary>
      {isOpen && <FaceList label="Faces of nobody" faces={faces} people={people} onChange={onChange} />}
    </details>
  );
}
