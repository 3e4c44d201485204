import { useState } from 'preact/hooks';
import type { BulkProgress } from '../../enrollment/bulk-enrollment.js';
import type { SeveralFaces } from '../../enrollment/enrollment.js';
import { useCollection } from '../collection.js';
import { FolderInput } from '../parts/folder-input.js';
import { Problem } from '../parts/problem.js';
import { Progress } from '../parts/progress.js';
import { useTask } from '../parts/use-task.js';
import { type EnrolReport, enrolPeople, enrolPhotos } from './enrol-report.js';
import './enrol.css';
import { fromUserId } from '../../names.js';
import { counted } from '../parts/counted.js';
import { FolderPlan } from './folder-plan.js';
import { OnePerson } from './one-person.js';
import { type ListedPerson, peopleOfGivenFiles } from './people-of-given-files.js';
import { Report } from './report.js';

interface Shown {
  done: number;
  total: number;
  words: string;
}

/** Folders of people, or photos of one person, in: how far it is, and what came of it. */
export function Enrol() {
  const collection = useCollection();
  const task = useTask();
  const [plan, setPlan] = useState<Awaited<ReturnType<typeof peopleOfGivenFiles>>>();
  const [shown, setShown] = useState<Shown>();
  const [report, setReport] = useState<EnrolReport>();

  const [timesAdded, setTimesAdded] = useState(0);

  const run = (total: number, enrol: (signal: AbortSignal) => Promise<EnrolReport>) => {
    setPlan(undefined);
    setReport(undefined);
    setShown({ done: 0, total, words: '' });
    return task.run(async (signal) => setReport(await enrol(signal)));
  };
  const enrolPlanned = (severalFaces: SeveralFaces) => {
    const total = plan!.people.length;
    run(total, (signal) =>
      enrolPeople(collection, plan!, {
        severalFaces,
        signal,
        onProgress: (progress) => setShown({ done: progress.people, total, words: inWords(progress, total) }),
      }),
    );
  };
  const addPhotos = async (person: ListedPerson, severalFaces: SeveralFaces) => {
    const isDone = await run(person.images.length, (signal) =>
      enrolPhotos(collection, person, {
        severalFaces,
        signal,
        onProgress: ({ done, total }) =>
          setShown({ done, total, words: `${done} of ${counted(total, 'photo')}` }),
      }),
    );
    if (isDone) setTimesAdded((times) => times + 1);
  };

  return (
    <>
      <h1>Enrol</h1>
      {task.isRunning && shown && (
        <Progress label="Enrolling" done={shown.done} total={shown.total} onStop={task.stop}>
          {shown.words}
        </Progress>
      )}
      {plan && <FolderPlan {...plan} onCancel={() => setPlan(undefined)} onEnrol={enrolPlanned} />}
      <Problem error={task.error} />
      {report && !plan && <Report report={report} />}
      {/* What was given for one person stays until it is enrolled. */}
      <div class="ways-to-enrol" hidden={task.isRunning || plan !== undefined}>
        <section>
          <h2>People</h2>
          <p>
            A folder with a folder for each person, called as they are. What is enrolled already is not sent
            again.
          </p>
          <FolderInput
            what="people’s folders"
            onFiles={async (files) => setPlan(await peopleOfGivenFiles(files))}
          />
        </section>
        <section>
          <h2>One person</h2>
          <p>
            Photos of somebody who is known are added to theirs. Five, from different sides, make a good user
            vector.
          </p>
          <OnePerson key={timesAdded} onEnrol={addPhotos} />
        </section>
      </div>
    </>
  );
}

function inWords({ people, photos, associated, known, latest }: BulkProgress, total: number): string {
  const rejected = photos - associated - known;
  return (
    `${people.toLocaleString('en')} of ${counted(total, 'person', 'people')}, ${counted(photos, 'photo')}: ` +
    `${associated} enrolled, ${known} known before, ${rejected} rejected. Latest: ${fromUserId(latest.userId)}`
  );
}
