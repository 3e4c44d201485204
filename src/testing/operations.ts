import type {
  AssociateFacesRequest,
  AssociateFacesResponse,
  CompareFacesRequest,
  CompareFacesResponse,
  CreateCollectionRequest,
  CreateCollectionResponse,
  CreateUserRequest,
  CreateUserResponse,
  DeleteCollectionRequest,
  DeleteCollectionResponse,
  DeleteFacesRequest,
  DeleteFacesResponse,
  DeleteUserRequest,
  DeleteUserResponse,
  DescribeCollectionRequest,
  DescribeCollectionResponse,
  DetectFacesRequest,
  DetectFacesResponse,
  DisassociateFacesRequest,
  DisassociateFacesResponse,
  IndexFacesRequest,
  IndexFacesResponse,
  ListCollectionsRequest,
  ListCollectionsResponse,
  ListFacesRequest,
  ListFacesResponse,
  ListUsersRequest,
  ListUsersResponse,
  SearchFacesByImageRequest,
  SearchFacesByImageResponse,
  SearchFacesRequest,
  SearchFacesResponse,
  SearchUsersByImageRequest,
  SearchUsersByImageResponse,
  SearchUsersRequest,
  SearchUsersResponse,
} from '@aws-sdk/client-rekognition';
import { InvalidArgumentError } from '../errors.js';
import { OPERATIONS } from '../limits.js';

/** What each operation is asked, and answers, in the shapes of `@aws-sdk/client-rekognition`. */
export interface Operations {
  AssociateFaces: { input: AssociateFacesRequest; answer: AssociateFacesResponse };
  CompareFaces: { input: CompareFacesRequest; answer: CompareFacesResponse };
  CreateCollection: { input: CreateCollectionRequest; answer: CreateCollectionResponse };
  CreateUser: { input: CreateUserRequest; answer: CreateUserResponse };
  DeleteCollection: { input: DeleteCollectionRequest; answer: DeleteCollectionResponse };
  DeleteFaces: { input: DeleteFacesRequest; answer: DeleteFacesResponse };
  DeleteUser: { input: DeleteUserRequest; answer: DeleteUserResponse };
  DescribeCollection: { input: DescribeCollectionRequest; answer: DescribeCollectionResponse };
  DetectFaces: { input: DetectFacesRequest; answer: DetectFacesResponse };
  DisassociateFaces: { input: DisassociateFacesRequest; answer: DisassociateFacesResponse };
  IndexFaces: { input: IndexFacesRequest; answer: IndexFacesResponse };
  ListCollections: { input: ListCollectionsRequest; answer: ListCollectionsResponse };
  ListFaces: { input: ListFacesRequest; answer: ListFacesResponse };
  ListUsers: { input: ListUsersRequest; answer: ListUsersResponse };
  SearchFaces: { input: SearchFacesRequest; answer: SearchFacesResponse };
  SearchFacesByImage: { input: SearchFacesByImageRequest; answer: SearchFacesByImageResponse };
  SearchUsers: { input: SearchUsersRequest; answer: SearchUsersResponse };
  SearchUsersByImage: { input: SearchUsersByImageRequest; answer: SearchUsersByImageResponse };
}

/** An operation, as AWS spells it. */
export type Operation = keyof Operations;

/** What an operation is asked. */
export type InputOf<Name extends Operation> = Operations[Name]['input'];
/** What an operation answers. */
export type AnswerOf<Name extends Operation> = Operations[Name]['answer'];

/** The names at run time. */
const NAMES: readonly Operation[] = OPERATIONS;

/** A misspelt operation would be one that is never called. */
export function checkOperation(value: unknown, argument = 'operation'): asserts value is Operation {
  if (NAMES.includes(value as Operation)) return;
  throw new InvalidArgumentError(argument, value, `an operation: ${NAMES.join(', ')}`);
}
