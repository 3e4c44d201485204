/** Something is wrong with a file, and what. */
export class Damage extends Error {}
