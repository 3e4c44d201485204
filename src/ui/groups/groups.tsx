import { useState } from 'preact/hooks';
import { whyNoPhoto } from '../../enrollment/people-of-files.js';
import type { FaceGroups, GroupingProgress, PhotoFace } from '../../face-grouping/face-groups.js';
import { LIMITS } from '../../limits.js';
import { useCollection } from '../collection.js';
import { PHOTOS_AT_A_TIME } from '../parts/at-a-time.js';
import { counted } from '../parts/counted.js';
import { FolderInput } from '../parts/folder-input.js';
import type { GivenFile } from '../parts/given-file.js';
import { fromImageFile } from '../parts/image-file.js';
import { Name } from '../parts/name.js';
import { NamePerson } from '../parts/name-person.js';
import { Problem } from '../parts/problem.js';
import { Progress } from '../parts/progress.js';
import { useTask } from '../parts/use-task.js';
import { linkTo } from '../route.js';
import { FoundGroups } from './found-groups.js';
import './groups.css';
import { cropFace } from '../../images/crop-face.js';

/** People of photos whom nobody has named yet. */
export function Groups() {
  const collection = useCollection();
  const task = useTask();
  const [photos, setPhotos] = useState(0);
  const [progress, setProgress] = useState<GroupingProgress>();
  const [found, setFound] = useState<FaceGroups>();
  const [naming, setNaming] = useState<readonly PhotoFace[]>();
  const [named, setNamed] = useState<string>();
  const [isStopped, setStopped] = useState(false);

  const group = async (files: readonly GivenFile[]) => {
    const images = files.flatMap(({ path, file }) =>
      file && !whyNoPhoto({ path, bytes: file.size })
        ? [{ ...fromImageFile(file), name: path.join('/') }]
        : [],
    );
    setPhotos(images.length);
    setProgress(undefined);
    setFound(undefined);
    setNamed(undefined);
    setStopped(false);
    await task.run(async (signal) => {
      signal.addEventListener('abort', () => setStopped(true));
      setFound(
        await collection.groupFaces(images, {
          concurrency: PHOTOS_AT_A_TIME,
          onProgress: setProgress,
          signal,
        }),
      );
    });
  };
  const leave = (userId: string) => {
    const isAnother = ({ face }: PhotoFace) => !naming?.some((each) => each.face === face);
    setFound(
      found && {
        ...found,
        groups: found.groups.filter(({ faces }) => faces.every(isAnother)),
        singles: found.singles.filter(isAnother),
      },
    );
    setNaming(undefined);
    setNamed(userId);
  };
  const isComparing = progress !== undefined && progress.compared > 0;
  return (
    <>
      <h1>Groups</h1>
      <p>
        The faces in photos that are nobody’s in this collection, put together by whose they seem to be. Look
        at a group before you name it: it may hold a stranger. To compare them a collection is made, and
        deleted at the end. If this page is closed before, it stays, and is among the others.
      </p>
      {task.isRunning ? (
        <Progress
          label={isComparing ? 'Comparing faces' : 'Looking at photos'}
          done={isComparing ? progress.compared : (progress?.photos ?? 0)}
          total={isComparing ? progress.faces : photos}
          onStop={task.stop}
        >
          {progress &&
            `${progress.photos} of ${counted(photos, 'photo')}, ${counted(progress.faces, 'unknown face')}, ` +
              `${counted(progress.known, 'known one')}`}
        </Progress>
      ) : (
        <FolderInput what="photos, or folders of them," orPhotos onFiles={group} />
      )}
      <Problem error={task.error} />
      {isStopped && !task.isRunning && !task.error && <p role="status">Stopped. Nothing is left of it.</p>}
      <p role="status">
        {named && (
          <>
            This is{' '}
            <a
              href={linkTo({
                collectionId: collection.collectionId,
                room: 'people',
                userId: named,
              })}
            >
              <Name userId={named} />
            </a>{' '}
            now.
          </>
        )}
      </p>
      {found && <FoundGroups found={found} photos={photos} onAsk={setNaming} />}
      {naming && (
        <NamePerson
          faces={naming.slice(0, LIMITS.facesPerUser).map(({ photo, face }) => cropFace(photo, face))}
          onNamed={leave}
          onClose={() => setNaming(undefined)}
        />
      )}
    </>
  );
}
