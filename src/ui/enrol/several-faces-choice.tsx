import type { SeveralFaces } from '../../enrollment/enrollment.js';

interface SeveralFacesChoiceProps {
  value: SeveralFaces;
  onChange: (value: SeveralFaces) => void;
}

/** What to do with photos of several people. */
export function SeveralFacesChoice({ value, onChange }: SeveralFacesChoiceProps) {
  return (
    <label>
      A photo that shows several people{' '}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value as SeveralFaces)}>
        <option value="reject">is rejected</option>
        <option value="largest">is of the one with the largest face</option>
      </select>
    </label>
  );
}
