import { useState } from 'preact/hooks';
import type { FaceGroup, GroupedFace, PhotoFace } from '../../face-grouping/face-groups.js';
import { counted } from '../parts/counted.js';
import { Pages } from '../parts/pages.js';
import { FaceCrop, keyOf } from './face-crop.js';

/** Faces that are shown before all are asked for. */
const SOME = 5;

interface GroupProps {
  group: FaceGroup;
  onAsk: (faces: readonly PhotoFace[]) => void;
}

/** Faces that seem to be one person's. Those of somebody else are taken out before it is named. */
export function Group({ group: { cover, faces }, onAsk }: GroupProps) {
  const [others, setOthers] = useState<ReadonlySet<GroupedFace>>(new Set());
  const theirs = faces.filter((face) => !others.has(face));
  const photos = new Set(faces.map(({ photo }) => photo)).size;
  const toggle = (face: GroupedFace) => {
    const changed = new Set(others);
    if (!changed.delete(face)) changed.add(face);
    setOthers(changed);
  };
  return (
    <li class="card group">
      <FaceCrop {...cover} />
      <div>
        <p>
          {counted(faces.length, 'face')} in {counted(photos, 'photo')}
        </p>
        <button type="button" disabled={theirs.length === 0} onClick={() => onAsk(theirs)}>
          Who is this?
        </button>
      </div>
      <ul class="some" aria-label="Some of the faces">
        {faces
          .filter(({ face }) => face !== cover.face)
          .slice(0, SOME)
          .map((face) => (
            <li key={keyOf(face)}>
              <FaceCrop {...face} />
            </li>
          ))}
      </ul>
      <details>
        <summary>
          All {faces.length}
          {others.size > 0 && `, ${others.size} of somebody else`}
        </summary>
        <Pages label="All faces" items={faces} class="pictures">
          {(face) => (
            <li key={keyOf(face)}>
              <label>
                <FaceCrop {...face} />
                <input type="checkbox" checked={!others.has(face)} onChange={() => toggle(face)} /> theirs
              </label>
            </li>
          )}
        </Pages>
      </details>
    </li>
  );
}
