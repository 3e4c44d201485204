import type { LeftOutFile, LeftOutReason } from '../../enrollment/people.js';
import { counted } from '../parts/counted.js';
import { Pages } from '../parts/pages.js';

const WORDS: { readonly [reason in LeftOutReason]?: string } = {
  IN_NO_FOLDER: 'lies in no person’s folder',
  NO_IMAGE_NAME: 'has not the name of an image',
  HIDDEN: 'is hidden',
  EMPTY: 'is empty',
  NO_PERMISSION: 'may not be read by the browser',
  NO_USER_ID: 'lies in a folder whose name is too long for a person’s',
};

/** Files that are nobody's photo. */
export function LeftOut({ files }: { files: readonly LeftOutFile[] }) {
  if (files.length === 0) return null;
  return (
    <details>
      <summary>{counted(files.length, 'file is', 'files are')} left out</summary>
      <Pages label="Files that are left out" items={files} size={100}>
        {({ leftOut, reason }) => (
          <li key={leftOut}>
            {leftOut} <span class="aside">{WORDS[reason] ?? reason}</span>
          </li>
        )}
      </Pages>
    </details>
  );
}
