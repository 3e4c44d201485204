import pLimit from 'p-limit';

/**
 * Photos in work at a time. Each is decoded, which takes 48 MB for one of 12 megapixels, and more requests than six
 * wait in the browser anyway.
 */
export const PHOTOS_AT_A_TIME = 4;

/** For pictures that are shown. */
export const pictures = pLimit(PHOTOS_AT_A_TIME);
