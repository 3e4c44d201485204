/** What is used of the package, which has no types of its own. */
declare module 'heic-decode' {
  interface HeicImage {
    readonly width: number;
    readonly height: number;
    /** Red, green, blue and alpha of each pixel of the upright image. */
    decode(): Promise<{ data: Uint8ClampedArray }>;
  }
  const heic: { all(file: { buffer: Uint8Array }): Promise<readonly [HeicImage, ...HeicImage[]]> };
  export default heic;
}
