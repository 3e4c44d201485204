import type { OperationName } from '../protocol/request-shapes.js';
import { associateFaces } from './associate-faces.js';
import { compareFaces } from './compare-faces.js';
import { createCollection } from './create-collection.js';
import { createUser } from './create-user.js';
import { deleteCollection } from './delete-collection.js';
import { deleteFaces } from './delete-faces.js';
import { deleteUser } from './delete-user.js';
import { describeCollection } from './describe-collection.js';
import { detectFaces } from './detect-faces.js';
import { disassociateFaces } from './disassociate-faces.js';
import { indexFaces } from './index-faces.js';
import { listCollections } from './list-collections.js';
import { listFaces } from './list-faces.js';
import { listUsers } from './list-users.js';
import { searchFacesByFaceId } from './search-faces.js';
import { searchFacesByImage } from './search-faces-by-image.js';
import { searchUsersById } from './search-users.js';
import { searchUsersByImage } from './search-users-by-image.js';

/** Everything this engine answers. */
export const OPERATIONS = {
  CreateCollection: createCollection,
  DescribeCollection: describeCollection,
  ListCollections: listCollections,
  DeleteCollection: deleteCollection,
  CreateUser: createUser,
  DeleteUser: deleteUser,
  ListUsers: listUsers,
  IndexFaces: indexFaces,
  ListFaces: listFaces,
  DeleteFaces: deleteFaces,
  AssociateFaces: associateFaces,
  DisassociateFaces: disassociateFaces,
  DetectFaces: detectFaces,
  CompareFaces: compareFaces,
  SearchFaces: searchFacesByFaceId,
  SearchFacesByImage: searchFacesByImage,
  SearchUsers: searchUsersById,
  SearchUsersByImage: searchUsersByImage,
} satisfies Record<OperationName, unknown>;
