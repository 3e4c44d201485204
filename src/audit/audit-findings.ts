import { fromUserId } from '../names.js';
import type { AuditFinding, LikelyUser } from './audit.js';

type Kind = AuditFinding['kind'];
type Bare<Finding> = Finding extends unknown ? Omit<Finding, 'message'> : never;
/** A finding without its sentence. */
export type BareFinding<Each extends Kind = Kind> = Bare<Extract<AuditFinding, { kind: Each }>>;

const SENTENCES: { readonly [Each in Kind]: (finding: BareFinding<Each>) => string } = {
  MISFILED_FACE: ({ userId, likelyUser, similarity, ...face }) =>
    `${nameOf(face)} of ${fromUserId(userId)} looks like ${inWords(likelyUser)}, and ` +
    (similarity === undefined
      ? `like no other face of ${fromUserId(userId)}`
      : `less like ${fromUserId(userId)} (the most alike face: ${similarity.toFixed(1)})`) +
    `. If that is who it shows: ${moving(face.faceId, likelyUser)}.`,
  STRAY_FACE: ({ userId, ...face }) =>
    `${nameOf(face)} of ${fromUserId(userId)} is unlike the others, and like no other user. If it shows somebody ` +
    `else, moveFaces(['${face.faceId}'], …) makes it theirs, and deleteFaces removes it.`,
  DUPLICATE_USERS: ({ userIds: [from, into], similarity }) =>
    `${fromUserId(from)} and ${fromUserId(into)} look like one person (similarity ${similarity.toFixed(1)}). If so: ` +
    `mergeUsers('${from}', '${into}').`,
  TOO_FEW_FACES: ({ userId, faces }) =>
    faces === 0
      ? `${fromUserId(userId)} has no faces, and cannot be found. Enroll photos, or deleteUser('${userId}').`
      : `${fromUserId(userId)} has ${faces} ${faces === 1 ? 'face' : 'faces'} only. ${ADD_PHOTOS}`,
  TOO_SIMILAR_FACES: ({ userId, faces, different }) =>
    `${fromUserId(userId)} has ${faces} faces, and only ${different} of them ${different === 1 ? 'is' : 'are'} of ` +
    `photos that differ. ${ADD_PHOTOS}`,
  NOBODYS_FACE: ({ likelyUser, ...face }) =>
    likelyUser
      ? `${nameOf(face)} belongs to nobody, and looks like ${inWords(likelyUser)}. If that is who it shows: ` +
        `${moving(face.faceId, likelyUser)}.`
      : `${nameOf(face)} belongs to nobody, and looks like no user. moveFaces(['${face.faceId}'], …) makes it ` +
        'somebody’s, and deleteFaces removes it.',
  NOT_ACTIVE: ({ userId, status }) =>
    `${fromUserId(userId)} is ${status}, so searches may not know all its faces. waitForUser('${userId}') waits for it; ` +
    'where that takes minutes, disassociate a face and associate it again.',
};

const ADD_PHOTOS = 'Add photos: five, from different sides, make a good user vector.';

/** The finding with its sentence. */
export function told<Each extends Kind>(finding: BareFinding<Each>): AuditFinding {
  const { kind } = finding as { kind: Each };
  return { ...finding, message: SENTENCES[kind](finding) } as unknown as AuditFinding;
}

function nameOf({ faceId, photoName = `Face ${faceId}` }: { faceId: string; photoName?: string }): string {
  return photoName;
}

function inWords({ userId, similarity }: LikelyUser): string {
  return `${fromUserId(userId)} (similarity ${similarity.toFixed(1)})`;
}

function moving(faceId: string, { userId }: LikelyUser): string {
  return `moveFaces(['${faceId}'], '${userId}')`;
}
