import { useMemo, useState } from 'preact/hooks';
import { cropFace } from '../../images/crop-face.js';
import type { PixelSize } from '../../images/pixel-box.js';
import { fromUserId } from '../../names.js';
import type { DetectedFace } from '../../types.js';
import { useCollection } from '../collection.js';
import { fromImageFile } from '../parts/image-file.js';
import { NamePerson } from '../parts/name-person.js';
import { PhotoInput } from '../parts/photo-input.js';
import { Problem } from '../parts/problem.js';
import { useAnswer } from '../parts/use-answer.js';
import { useObjectUrl } from '../parts/use-object-url.js';
import { FaceRow } from './face-row.js';
import { Overlay } from './overlay.js';
import './photo.css';
import { atThreshold, type SearchedFace, searchBothWays } from './searched-faces.js';
import { Threshold } from './threshold.js';

/** Who is in a photo, by single faces and by users, at a threshold that can be tried without another search. */
export function TryPhoto() {
  const [file, setFile] = useState<File>();
  return (
    <>
      <h1>Try a photo</h1>
      <PhotoInput what="a photo" onPhotos={([photo]) => setFile(photo)} />
      {file && <SearchedPhoto key={`${file.name} ${file.lastModified} ${file.size}`} file={file} />}
    </>
  );
}

function SearchedPhoto({ file }: { file: File }) {
  const collection = useCollection();
  const photo = useMemo(() => fromImageFile(file), [file]);
  const url = useObjectUrl(file);
  const [threshold, setThreshold] = useState(99);
  const [size, setSize] = useState<PixelSize>();
  const [naming, setNaming] = useState<DetectedFace>();
  const [told, setTold] = useState('');
  const {
    value: faces,
    error,
    refresh,
  } = useAnswer((signal) => searchBothWays(collection, photo, signal), [collection, photo]);
  if (error) return <Problem error={error} />;
  return (
    <>
      <p role="status">{faces ? told || countOf(faces.length) : `Looking for faces in ${file.name} …`}</p>
      {faces && <Threshold value={threshold} onChange={setThreshold} />}
      <div class="comparison">
        <Way label="By faces" way="byFaces" url={url} onShown={setSize} threshold={threshold} faces={faces} />
        <Way label="By users" way="byUsers" url={url} threshold={threshold} faces={faces} />
      </div>
      {faces && faces.length > 0 && (
        <div class="table">
          <table>
            <thead>
              <tr>
                <th scope="col">Face</th>
                <th scope="col">By faces</th>
                <th scope="col">By users</th>
              </tr>
            </thead>
            <tbody>
              {faces.map((face, index) => (
                <FaceRow
                  key={index}
                  url={url}
                  size={size}
                  face={face}
                  number={index + 1}
                  threshold={threshold}
                  onName={setNaming}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {naming && (
        <NamePerson
          faces={[cropFace(photo, naming)]}
          onClose={() => setNaming(undefined)}
          onNamed={(userId) => {
            setNaming(undefined);
            setTold(`${fromUserId(userId)} is enrolled. The photo is searched again.`);
            refresh();
          }}
        />
      )}
    </>
  );
}

interface WayProps {
  label: string;
  way: keyof SearchedFace;
  url: string | undefined;
  /** Gets the size of the photo, in pixels. */
  onShown?: (size: PixelSize) => void;
  threshold: number;
  faces: readonly SearchedFace[] | undefined;
}

/** The photo with who is named one way. */
function Way({ label, way, url, onShown, threshold, faces }: WayProps) {
  const searches = useMemo(
    () => faces?.flatMap((face) => (face[way] ? atThreshold(face[way], threshold) : [])),
    [faces, way, threshold],
  );
  const named = searches?.filter(({ status }) => status === 'matched').length;
  return (
    <figure data-way={way}>
      <figcaption>
        <strong>{label}</strong>
        {named !== undefined && `: ${named} of ${searches!.length} named`}
      </figcaption>
      <div class="photo">
        {url && (
          <img
            src={url}
            alt=""
            onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) =>
              onShown?.({ width, height })
            }
          />
        )}
        {searches && <Overlay faces={searches} />}
      </div>
    </figure>
  );
}

function countOf(faces: number): string {
  if (faces === 0) return 'There is no face in this photo.';
  return faces === 1 ? 'There is one face in this photo.' : `There are ${faces} faces in this photo.`;
}
