import type { PixelSize } from '../../images/pixel-box.js';
import type { BoundingBox } from '../../types.js';
import { HEAD_MARGIN } from '../parts/small-picture.js';

interface FaceOfPhotoProps {
  /** Where the photo is. */
  url: string;
  size: PixelSize;
  box: BoundingBox;
  alt: string;
}

/** A part of a photo that is on the page already: nothing is decoded or cut for it. */
export function FaceOfPhoto({ url, size, box, alt }: FaceOfPhotoProps) {
  const side = Math.max(box.width * size.width, box.height * size.height) * (1 + 2 * HEAD_MARGIN);
  const left = (box.left + box.width / 2) * size.width - side / 2;
  const top = (box.top + box.height / 2) * size.height - side / 2;
  return (
    <svg class="picture" viewBox={`${left} ${top} ${side} ${side}`} role="img" aria-label={alt}>
      <image href={url} width={size.width} height={size.height} />
    </svg>
  );
}
