import { useId } from 'preact/hooks';
import { toUserId } from '../../names.js';
import { searchByName } from './search-by-name.js';
import type { KnownPerson } from './use-people.js';

/** Names that are offered at once: a browser does not take ten thousand. */
const OFFERED = 50;

interface PersonFieldProps {
  label: string;
  people: readonly KnownPerson[];
  value: string;
  onInput: (name: string) => void;
}

/** A field for a person's name, which offers those that are known. */
export function PersonField({ label, people, value, onInput }: PersonFieldProps) {
  const known = useId();
  return (
    <>
      <label>
        {label}
        <input
          required
          dir="auto"
          maxLength={128}
          list={known}
          autocomplete="off"
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      </label>
      <datalist id={known}>
        {searchByName(people, value)
          .slice(0, OFFERED)
          .map(({ userId, name }) => (
            <option key={userId} value={name} />
          ))}
      </datalist>
    </>
  );
}

/**
 * The id of who has this name, or of who is to have it.
 *
 * @throws InvalidArgumentError when it is too long for a new one
 */
export function userIdOf(typed: string, people: readonly KnownPerson[]): string {
  const name = typed.trim();
  return people.find((person) => person.name === name)?.userId ?? toUserId(name);
}
