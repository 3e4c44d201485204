export function Enrol() {
  return <h1>Enrol</h1>;
}
