/** What `rekollect doctor` found about one thing. */
export interface Check {
  /** What was looked at: `node`, `lmdb`, `credentials`. */
  name: string;
  /** `warn`: it works, and less well or with less than it could. `fail`: what is needed is missing or broken. */
  status: 'ok' | 'warn' | 'fail';
  /** What was found, in a sentence. */
  message: string;
  /** The command, or what else is to be done, that mends it. */
  mend?: string;
}

/** Does what may fail, and says what to do then. An error of this library says it itself. */
export async function attempt(
  name: string,
  look: () => Promise<Omit<Check, 'name'>>,
  mend?: string,
): Promise<Check> {
  try {
    return { name, ...(await look()) };
  } catch (error) {
    const { message, install = mend } = error as Error & { install?: string };
    return { name, status: 'fail', message, ...(install !== undefined && { mend: install }) };
  }
}
