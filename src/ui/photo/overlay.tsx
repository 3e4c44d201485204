import { useEffect, useRef } from 'preact/hooks';
import { layOut } from '../../annotate/layout.js';
import { marksOf } from '../../annotate/marks.js';
import { writeSvg } from '../../annotate/svg.js';
import { fromUserId } from '../../names.js';
import type { FaceSearch } from '../../photo-search/face-search.js';

/** Frames and names over a photo, as `annotateSvg` draws them, in letters that can be read at the size it is shown in. */
export function Overlay({ faces }: { faces: readonly FaceSearch[] }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const shown = place.current!;
    let latest = 0;
    const draw = async () => {
      latest += 1;
      const own = latest;
      const picture = { width: shown.clientWidth, height: shown.clientHeight };
      if (picture.width === 0 || picture.height === 0) return;
      const layout = await layOut(picture, marksOf(faces.map(withNames), picture));
      if (own !== latest) return;
      const svg = writeSvg(picture, layout, faces.length);
      shown.replaceChildren(new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement);
    };
    // It tells at once, and when the photo is there.
    const observer = new ResizeObserver(draw);
    observer.observe(shown);
    return () => {
      latest += 1;
      observer.disconnect();
    };
  }, [faces]);
  return <div ref={place} class="overlay" />;
}

/** People are called by their names, not by their ids. */
function withNames(search: FaceSearch) {
  const named = <Match extends { userId?: string }>(match: Match) =>
    match.userId === undefined ? match : { ...match, userId: fromUserId(match.userId) };
  if (search.status === 'matched') return { ...search, matches: search.matches.map(named) };
  return search.status === 'ambiguous' ? { ...search, between: search.between.map(named) } : search;
}
