/** Something that was asked of the records makes no sense with what they hold. Operations answer it in AWS's words. */
export abstract class RecordError extends Error {}

export class NoSuchCollectionError extends RecordError {
  readonly collectionId: string;

  constructor(collectionId: string) {
    super(`There is no collection ${collectionId}.`);
    this.collectionId = collectionId;
  }
}

export class NoSuchUserError extends RecordError {
  readonly collectionId: string;
  readonly userId: string;

  constructor(collectionId: string, userId: string) {
    super(`There is no user ${userId} in collection ${collectionId}.`);
    this.collectionId = collectionId;
    this.userId = userId;
  }
}

/** Vectors of a collection were made by other models than those in use. */
export class MixedModelsError extends RecordError {
  constructor(collectionId: string, found: string, expected: string) {
    super(
      `Collection ${collectionId} holds face vectors of "${found}", and the models in use make those ` +
        `of "${expected}", which cannot be compared. Index its images into a new collection.`,
    );
  }
}
