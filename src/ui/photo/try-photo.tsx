export function TryPhoto() {
  return <h1>TryPhoto</h1>;
}
