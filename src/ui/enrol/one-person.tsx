import { useState } from 'preact/hooks';
import type { SeveralFaces } from '../../enrollment/enrollment.js';
import { toUserId } from '../../names.js';
import { fromImageFile } from '../parts/image-file.js';
import { LazyPicture } from '../parts/lazy-picture.js';
import { Pages } from '../parts/pages.js';
import { PhotoInput } from '../parts/photo-input.js';
import { Problem } from '../parts/problem.js';
import type { ListedPerson } from './people-of-given-files.js';
import { SeveralFacesChoice } from './several-faces-choice.js';

interface OnePersonProps {
  onEnrol: (person: ListedPerson, severalFaces: SeveralFaces) => void;
}

/** A name, and photos of whose it is. */
export function OnePerson({ onEnrol }: OnePersonProps) {
  const [name, setName] = useState('');
  const [photos, setPhotos] = useState<readonly { key: number; file: File }[]>([]);
  const [severalFaces, setSeveralFaces] = useState<SeveralFaces>('reject');
  const [error, setError] = useState<Error>();
  const add = (files: readonly File[]) => {
    const next = (photos.at(-1)?.key ?? 0) + 1;
    setPhotos([...photos, ...files.map((file, index) => ({ key: next + index, file }))]);
  };
  const enrol = (event: Event) => {
    event.preventDefault();
    try {
      const images = photos.map(({ file }) => fromImageFile(file));
      onEnrol({ userId: toUserId(name.trim()), images }, severalFaces);
    } catch (thrown) {
      setError(thrown as Error);
    }
  };
  return (
    <form onSubmit={enrol} class="one-person">
      <PhotoInput what="photos of one person" multiple onPhotos={add} />
      {photos.length > 0 && (
        <>
          <Pages label="Photos to enrol" items={photos} class="pictures">
            {({ key, file }) => (
              <li key={key}>
                <LazyPicture photo={fromImageFile(file)} alt={file.name} />
                <button
                  type="button"
                  class="quiet"
                  aria-label={`Remove ${file.name}`}
                  onClick={() => setPhotos(photos.filter((photo) => photo.key !== key))}
                >
                  Remove
                </button>
              </li>
            )}
          </Pages>
          <label>
            Name
            <input
              required
              maxLength={128}
              autocomplete="off"
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </label>
          <SeveralFacesChoice value={severalFaces} onChange={setSeveralFaces} />
          <Problem error={error} />
          <div class="actions">
            <button type="submit">Enrol</button>
          </div>
        </>
      )}
    </form>
  );
}
