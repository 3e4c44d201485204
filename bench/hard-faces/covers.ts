import { toSharp } from '../../src/images/decode.js';
import type { Point } from '../../src/local/vision/align/similarity-transform.js';
import type { Portrait } from './portraits.js';
import { type HardKind, inPlace } from './variant.js';

/** Faces of which a part is covered, drawn by their landmarks; faces without landmarks are passed over. */
export const COVERS: readonly HardKind[] = [
  { name: 'a mask over nose, mouth and chin', make: (portrait) => cover(portrait, drawMask) },
  { name: 'dark sunglasses', make: (portrait) => cover(portrait, drawSunglasses) },
];

/** Finds a landmark by AWS's name, in pixels. */
type FindPoint = (type: string) => Point;

async function cover(portrait: Portrait, draw: (find: FindPoint) => string) {
  const { image, faces } = portrait;
  const landmarks = faces[0]!.detail.landmarks;
  if (!landmarks) return undefined;
  const find = (type: string) => {
    const { x, y } = landmarks.find((landmark) => landmark.type === type)!;
    return { x: x * image.width, y: y * image.height };
  };
  const { width, height } = image;
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${draw(find)}</svg>`;
  const bytes = await (await toSharp(image))
    .composite([{ input: Buffer.from(drawing) }])
    .png()
    .toBuffer();
  return inPlace(bytes, image);
}

/** A surgical mask: from the ridge of the nose to below the chin, pleated, with loops to the ears. */
function drawMask(find: FindPoint): string {
  const ridge = between(between(find('eyeLeft'), find('eyeRight'), 0.5), find('nose'), 0.45);
  const [left, right] = (['Left', 'Right'] as const).map((side) => {
    const ear = find(`upperJawline${side}`);
    const jaw = find(`midJawline${side}`);
    return { ear, top: between(between(ear, jaw, 0.4), ridge, 0.06), bottom: jaw };
  });
  const chin = between(ridge, find('chinBottom'), 1.06);
  const across = Math.hypot(right!.top.x - left!.top.x, right!.top.y - left!.top.y);
  // The cloth bulges at the sides of the nose and runs around the chin.
  const outline = [
    `M ${at(left!.top)}`,
    `Q ${at(between(left!.top, ridge, 0.7))} ${at(ridge)}`,
    `Q ${at(between(right!.top, ridge, 0.7))} ${at(right!.top)}`,
    `L ${at(right!.bottom)}`,
    `Q ${at(corner(right!.bottom, chin, right!.top))} ${at(chin)}`,
    `Q ${at(corner(left!.bottom, chin, left!.top))} ${at(left!.bottom)}`,
    'Z',
  ].join(' ');
  const pleats = [0.35, 0.55, 0.75].map((down) => {
    const from = between(left!.top, left!.bottom, down);
    const to = between(right!.top, right!.bottom, down);
    return `<path d="M ${at(from)} Q ${at(between(ridge, chin, down + 0.04))} ${at(to)}" fill="none" stroke="#7f9fb5" stroke-width="${across * 0.012}"/>`;
  });
  const loops = [left!, right!].map(
    ({ ear, top }) =>
      `<path d="M ${at(top)} L ${at(ear)}" stroke="#e8eef2" stroke-width="${across * 0.015}"/>`,
  );
  return `
    <defs>
      <linearGradient id="cloth" gradientUnits="userSpaceOnUse" ${ends(left!.top, right!.top)}>
        <stop offset="0" stop-color="#7d9db3"/><stop offset=".3" stop-color="#b5d0e0"/>
        <stop offset=".6" stop-color="#bcd6e5"/><stop offset="1" stop-color="#7592a6"/>
      </linearGradient>
      <linearGradient id="shade" gradientUnits="userSpaceOnUse" ${ends(ridge, chin)}>
        <stop offset="0" stop-color="#fff" stop-opacity=".25"/><stop offset=".4" stop-color="#fff" stop-opacity="0"/>
        <stop offset="1" stop-color="#10202c" stop-opacity=".4"/>
      </linearGradient>
    </defs>
    ${loops.join('')}
    <path d="${outline}" fill="url(#cloth)"/>
    ${pleats.join('')}
    <path d="${outline}" fill="url(#shade)"/>`;
}

/** Two lenses, a bridge, and temples to the ears. */
function drawSunglasses(find: FindPoint): string {
  const left = find('eyeLeft');
  const right = find('eyeRight');
  const apart = Math.hypot(right.x - left.x, right.y - left.y);
  const roll = (Math.atan2(right.y - left.y, right.x - left.x) / Math.PI) * 180;
  const middle = between(left, right, 0.5);
  const unroll = (point: Point): Point => {
    const cos = Math.cos((roll / 180) * Math.PI);
    const sin = Math.sin((roll / 180) * Math.PI);
    const x = point.x - middle.x;
    const y = point.y - middle.y;
    return { x: (x * cos + y * sin) / apart, y: (y * cos - x * sin) / apart };
  };
  const temples = (['Left', 'Right'] as const).map((side, i) => {
    const ear = unroll(find(`upperJawline${side}`));
    return `<path d="M ${i === 0 ? -0.85 : 0.85} -.16 L ${ear.x} ${ear.y - 0.1}" stroke="#0b0b0d" stroke-width=".07"/>`;
  });
  const lenses = [-1, 1].map(
    (side) =>
      `<path transform="scale(${side} 1) translate(.5 .06)" d="M -.37 -.26 L .4 -.28 Q .44 .05 .3 .24 Q .05 .42 -.2 .26 Q -.4 .08 -.37 -.26 Z" fill="url(#glass)"/>`,
  );
  return `
    <defs>
      <linearGradient id="glass" x1="0" y1="0" x2=".4" y2="1">
        <stop offset="0" stop-color="#3a3d45"/><stop offset=".4" stop-color="#141519"/><stop offset="1" stop-color="#1d1e24"/>
      </linearGradient>
    </defs>
    <g transform="translate(${at(middle)}) rotate(${roll}) scale(${apart})">
      ${temples.join('')}
      <path d="M -.2 -.1 Q 0 -.2 .2 -.1" fill="none" stroke="#0b0b0d" stroke-width=".07"/>
      ${lenses.join('')}
    </g>`;
}

/** The point `part` of the way from one to the other. */
function between(from: Point, to: Point, part: number): Point {
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

/** Where the side of the mask, drawn on, meets the height of the chin: what the lower edge bends around. */
function corner(jaw: Point, chin: Point, top: Point): Point {
  const along = between(top, jaw, 1.5);
  return between(along, chin, 0.25);
}

function at({ x, y }: Point): string {
  return `${x.toFixed(2)} ${y.toFixed(2)}`;
}

function ends(from: Point, to: Point): string {
  return `x1="${from.x}" y1="${from.y}" x2="${to.x}" y2="${to.y}"`;
}
