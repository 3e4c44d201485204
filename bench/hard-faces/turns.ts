import sharp from 'sharp';
import { toSharp } from '../../src/images/decode.js';
import type { PixelBox } from '../../src/local/vision/pixels/pixel-box.js';
import type { HardKind } from './variant.js';

/** Photos that were turned without an EXIF orientation that says so, and heads on one side. Degrees are clockwise. */
export const TURNS: readonly HardKind[] = [
  ...[90, 180, 270].map((degrees) => turnBy(`turned by ${degrees}°`, degrees)),
  ...[20, 40].map((degrees) => turnBy(`tilted by ${degrees}°`, degrees)),
];

function turnBy(name: string, degrees: number): HardKind {
  const cos = Math.cos((degrees / 180) * Math.PI);
  const sin = Math.sin((degrees / 180) * Math.PI);
  return {
    name,
    async make({ image }) {
      // Corners that the turn lays bare show the border's pixels drawn out: black ones would look like nothing in a
      // photo, and a mirror image would bring faces.
      const margin = Math.ceil(Math.max(image.width, image.height) / 2);
      const extended = await (await toSharp(image))
        .extend({ top: margin, bottom: margin, left: margin, right: margin, extendWith: 'copy' })
        .raw()
        .toBuffer({ resolveWithObject: true });
      const { width: across, height: down, channels } = extended.info;
      const turned = await sharp(extended.data, { raw: { width: across, height: down, channels } })
        .rotate(degrees)
        .raw()
        .toBuffer({ resolveWithObject: true });
      const width = Math.round(Math.abs(image.width * cos) + Math.abs(image.height * sin));
      const height = Math.round(Math.abs(image.width * sin) + Math.abs(image.height * cos));
      const left = Math.floor((turned.info.width - width) / 2);
      const top = Math.floor((turned.info.height - height) / 2);
      const bytes = await sharp(turned.data, {
        raw: { width: turned.info.width, height: turned.info.height, channels: turned.info.channels },
      })
        .extract({ left, top, width, height })
        .png()
        .toBuffer();
      const place = (box: PixelBox): PixelBox => {
        // A face is rather an oval than a rectangle: this is the box around the turned oval.
        const size = {
          width: Math.hypot(box.width * cos, box.height * sin),
          height: Math.hypot(box.width * sin, box.height * cos),
        };
        const x = box.left + box.width / 2 - image.width / 2;
        const y = box.top + box.height / 2 - image.height / 2;
        return {
          left: width / 2 + x * cos - y * sin - size.width / 2,
          top: height / 2 + x * sin + y * cos - size.height / 2,
          ...size,
        };
      };
      return { bytes, width, height, place };
    },
  };
}
