import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { LIMITS } from '../../limits.js';
import { contentIdOf } from '../../service/external-image-id.js';
import type { Face } from '../../types.js';
import { useCollection } from '../collection.js';
import { counted } from '../parts/counted.js';
import { FacePicture } from '../parts/face-picture.js';
import type { KnownPerson } from '../parts/use-people.js';
import { DeleteFaces } from './delete-faces.js';
import { MoveFaces } from './move-faces.js';

/** Faces that are drawn at once. */
const DRAWN: number = LIMITS.facesPerUser;

interface FaceListProps {
  label: string;
  faces: readonly Face[];
  /** Whose they are, if anybody's. */
  userId?: string;
  people: readonly KnownPerson[];
  onChange: () => void;
}

/** Faces with what the collection knows of them, to be chosen, and then moved to somebody else or deleted. */
export function FaceList({ label, faces, userId, people, onChange }: FaceListProps) {
  const { collectionId } = useCollection();
  const [drawn, setDrawn] = useState(DRAWN);
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<'move' | 'delete'>();
  const chosen = faces.filter(({ faceId }) => marked.has(faceId));
  const request = {
    faceIds: chosen.map(({ faceId }) => faceId),
    ...(userId !== undefined && { userId }),
    onClose: () => {
      setAsking(undefined);
      // Also what was half done is shown as it is.
      onChange();
    },
  };
  return (
    <>
      <div class="chosen">
        <p role="status">
          {chosen.length === 0
            ? 'Choose faces to move or delete them.'
            : `${counted(chosen.length, 'face is', 'faces are')} chosen.`}
        </p>
        <button type="button" disabled={chosen.length === 0} onClick={() => setAsking('move')}>
          {userId === undefined ? 'Say whose they are' : 'Move to somebody else'}
        </button>
        <button
          type="button"
          class="quiet"
          disabled={chosen.length === 0}
          onClick={() => setAsking('delete')}
        >
          Delete
        </button>
      </div>
      <ul class="cards faces" aria-label={label}>
        {faces.slice(0, drawn).map((face) => (
          <li key={face.faceId} class="card">
            <label>
              <input
                type="checkbox"
                checked={marked.has(face.faceId)}
                onChange={({ currentTarget: { checked } }) => {
                  const others = [...marked].filter((faceId) => faceId !== face.faceId);
                  setMarked(new Set(checked ? [...others, face.faceId] : others));
                }}
              />
              <FacePicture collectionId={collectionId} faceId={face.faceId} alt="" />
              <bdi>{nameOf(face)}</bdi>
            </label>
            <dl>
              <Fact name="A face for sure">{face.confidence !== undefined && percent(face.confidence)}</Fact>
              <Fact name="In the photo">{face.boundingBox && placeOf(face.boundingBox)}</Fact>
            </dl>
            <details>
              <summary>Ids</summary>
              <dl>
                <Fact name="Face">{face.faceId}</Fact>
                <Fact name="Photo">{face.externalImageId}</Fact>
                <Fact name="Face model">{face.modelVersion}</Fact>
              </dl>
            </details>
          </li>
        ))}
      </ul>
      {faces.length > drawn && (
        <button type="button" class="quiet" onClick={() => setDrawn(drawn + DRAWN)}>
          Show more of {counted(faces.length, 'face', 'faces')}
        </button>
      )}
      {asking === 'move' && <MoveFaces {...request} people={people} />}
      {asking === 'delete' && <DeleteFaces {...request} />}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  if (!children) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The photo it came from, by the best name that there is; else the beginning of the face's own id. */
function nameOf({ faceId, photoName, externalImageId }: Face): string {
  const givenId = contentIdOf(externalImageId) === undefined ? externalImageId : undefined;
  return photoName ?? givenId ?? `Face ${faceId.slice(0, 8)}`;
}

function placeOf({ left, top, width, height }: NonNullable<Face['boundingBox']>): string {
  const [x, y, w, h] = [left, top, width, height].map((ratio) => Math.round(ratio * 100));
  return `${w} × ${h} % of it, ${x} % from the left, ${y} % from the top`;
}

function percent(confidence: number): string {
  return `${confidence.toFixed(1)} %`;
}
