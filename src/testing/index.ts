export {
  type DeclaredFace,
  type DeclaredFaces,
  type DeclaredPhotoOptions,
  declaredFaces,
} from './declared-faces.js';
