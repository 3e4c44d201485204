interface ThresholdProps {
  value: number;
  onChange: (value: number) => void;
}

/** Those that AWS's documentation and the library's name. */
const USUAL = [80, 90, 99];

/** Below, strangers are as alike as people who are one. */
const LEAST = 50;

/** From which similarity on somebody is named. */
export function Threshold({ value, onChange }: ThresholdProps) {
  const set = (event: { currentTarget: HTMLInputElement }) => {
    const { valueAsNumber } = event.currentTarget;
    if (valueAsNumber >= 0 && valueAsNumber <= 100) onChange(valueAsNumber);
  };
  return (
    <fieldset class="threshold">
      <legend>Threshold: who is less alike is not named</legend>
      <input
        type="range"
        min={LEAST}
        max={100}
        step={0.1}
        value={value}
        aria-label="Threshold, 50 to 100"
        onInput={set}
      />
      <input
        type="number"
        min={0}
        max={100}
        step={0.1}
        value={value}
        aria-label="Threshold, 0 to 100"
        onInput={set}
      />
      {USUAL.map((usual) => (
        <button
          key={usual}
          type="button"
          class="quiet"
          aria-pressed={usual === value}
          onClick={() => onChange(usual)}
        >
          {usual}
        </button>
      ))}
    </fieldset>
  );
}
