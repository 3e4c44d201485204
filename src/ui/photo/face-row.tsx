import type { PixelSize } from '../../images/pixel-box.js';
import { fromUserId } from '../../names.js';
import type { FaceSearch } from '../../photo-search/face-search.js';
import type { DetectedFace } from '../../types.js';
import { FaceOfPhoto } from './face-of-photo.js';
import { atThreshold, matchesOf, type SearchedFace } from './searched-faces.js';

interface FaceRowProps {
  /** Where the photo is, once it is shown. */
  url: string | undefined;
  size: PixelSize | undefined;
  face: SearchedFace;
  number: number;
  threshold: number;
  onName: (face: DetectedFace) => void;
}

/** Most people to show for a face: more are nobody's question. */
const SHOWN = 3;

/** One face of the photo: whom it is like by faces and by users. */
export function FaceRow({ url, size, face, number, threshold, onName }: FaceRowProps) {
  const { byUsers, byFaces } = face;
  const seen = (byUsers ?? byFaces)!;
  const isNamed = byUsers && atThreshold(byUsers, threshold).status === 'matched';
  return (
    <tr>
      <th scope="row">
        {url && size && (
          <FaceOfPhoto url={url} size={size} box={seen.face.boundingBox} alt={`Face ${number}`} />
        )}
        {!isNamed && seen.status !== 'unsearchable' && (
          <button
            type="button"
            class="quiet"
            aria-label={`Name face ${number}`}
            onClick={() => onName(seen.face)}
          >
            Name
          </button>
        )}
      </th>
      <td data-by="faces">
        <Likeness search={byFaces} threshold={threshold} />
      </td>
      <td data-by="users">
        <Likeness search={byUsers} threshold={threshold} />
      </td>
    </tr>
  );
}

function Likeness({ search, threshold }: { search: FaceSearch | undefined; threshold: number }) {
  if (!search) return <span class="aside">not seen</span>;
  if (search.status === 'failed') return <span>{search.error.message}</span>;
  if (search.status === 'unsearchable') return <span>not searched: {inWords(search.reason)}</span>;
  const found = matchesOf(search).slice(0, SHOWN);
  if (found.length === 0) return <span class="aside">nobody to compare with</span>;
  return (
    <ol class="likeness">
      {found.map((match) => {
        const name = match.userId === undefined ? 'a face of nobody' : fromUserId(match.userId);
        const isMatch = match.similarity >= threshold;
        return (
          <li
            key={`${match.userId} ${'faceId' in match ? match.faceId : ''}`}
            class={isMatch ? 'is-match' : ''}
          >
            <bdi>{name}</bdi> <span class="similarity">{match.similarity.toFixed(1)}</span>
            <span class="aside">{isMatch ? ' named' : ' below'}</span>
            <meter min={0} max={100} value={match.similarity} aria-hidden="true" />
          </li>
        );
      })}
    </ol>
  );
}

/** `LOW_SHARPNESS` as `low sharpness`. */
function inWords(reason: string): string {
  return reason.toLowerCase().replaceAll('_', ' ');
}
