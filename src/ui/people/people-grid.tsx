import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { counted } from '../parts/counted.js';
import { FacePicture } from '../parts/face-picture.js';
import { Name } from '../parts/name.js';
import type { KnownPerson } from '../parts/use-people.js';
import { linkTo } from '../route.js';
import type { FacesOfPerson } from './faces-by-person.js';
import { useVisibleRows } from './use-visible-rows.js';

const CELL = { minWidth: 8.5, height: 12.5 };

interface PeopleGridProps {
  collectionId: string;
  people: readonly KnownPerson[];
  faces: ReadonlyMap<string, FacesOfPerson>;
  /** Whether there are no others than those. */
  areFacesKnown: boolean;
  /** Who is to have the focus to begin with. */
  startAt: string | undefined;
  onOpen: (userId: string) => void;
}

/**
 * Any number of people, of whom those on the screen are drawn. It is one stop of the Tab key; the arrow keys, Home, End
 * and the page keys go from person to person.
 */
export function PeopleGrid({ collectionId, people, faces, areFacesKnown, startAt, onOpen }: PeopleGridProps) {
  const grid = useRef<HTMLUListElement>(null);
  const { columns, first, end, perScreen } = useVisibleRows(grid, CELL);
  const beginning = people.findIndex(({ userId }) => userId === startAt);
  const [current, setCurrent] = useState(Math.max(0, beginning));
  const [hasFocus, setFocus] = useState(beginning >= 0);
  const isToFocus = useRef(hasFocus);

  const last = people.length - 1;
  const from = first * columns;
  const to = Math.min(end * columns - 1, last);
  const isDrawn = current >= from && current <= to;
  const stop = isDrawn || hasFocus ? Math.min(current, last) : from;
  const drawn = Array.from({ length: Math.max(0, to - from + 1) }, (_, offset) => from + offset);
  // Who has the focus keeps it, however far the others are scrolled.
  if (hasFocus && !drawn.includes(stop) && stop >= 0) drawn.push(stop);

  useLayoutEffect(() => {
    // Not before it is known where in the grid that is.
    if (!isToFocus.current || end === 0) return;
    isToFocus.current = false;
    // The browser scrolls there.
    grid.current?.querySelector<HTMLElement>(`[aria-posinset="${current + 1}"] a`)?.focus();
  });

  const steps: Record<string, number> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columns,
    ArrowUp: -columns,
    PageDown: columns * perScreen,
    PageUp: -columns * perScreen,
    Home: -last,
    End: last,
  };
  const move = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const target = Math.max(0, Math.min(last, stop + step));
    isToFocus.current = target !== current;
    setCurrent(target);
  };
  return (
    <ul
      ref={grid}
      class="people"
      aria-label="People"
      style={{ height: `${Math.ceil(people.length / columns) * CELL.height}rem` }}
      onKeyDown={move}
      onFocusIn={(event) => {
        const item = (event.target as HTMLElement).closest('li');
        if (item) setCurrent(Number(item.ariaPosInSet) - 1);
        setFocus(true);
      }}
      onFocusOut={() => setFocus(false)}
    >
      {drawn.map((index) => {
        const { userId, name, status } = people[index]!;
        const own = faces.get(userId);
        return (
          <li
            key={userId}
            aria-setsize={people.length}
            aria-posinset={index + 1}
            style={{
              top: `${Math.floor(index / columns) * CELL.height}rem`,
              left: `${((index % columns) / columns) * 100}%`,
              width: `${100 / columns}%`,
              height: `${CELL.height}rem`,
            }}
          >
            <a
              href={linkTo({ collectionId, room: 'people', userId })}
              title={name}
              tabIndex={index === stop ? undefined : -1}
              onClick={() => onOpen(userId)}
            >
              <FacePicture key={own?.cover} collectionId={collectionId} faceId={own?.cover} alt="" />
              <span class="name">
                <Name userId={userId} />
              </span>
              <span class="aside">
                {[
                  own ? counted(own.count, 'face', 'faces') : areFacesKnown && 'no faces yet',
                  statusInWords(status, own !== undefined),
                ]
                  .filter(Boolean)
                  .join(', ')}
              </span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}

/** What is to be known of a user that is not `ACTIVE`. */
export function statusInWords(status: KnownPerson['status'], hasFaces: boolean): string | undefined {
  if (status === undefined || status === 'ACTIVE') return undefined;
  // It says no more than that there are no faces.
  if (status === 'CREATED' && !hasFaces) return undefined;
  return { CREATING: 'being made', CREATED: 'not searchable yet', UPDATING: 'being updated' }[status];
}
