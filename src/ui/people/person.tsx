export function Person({ userId }: { userId: string }) {
  return <h1>{userId}</h1>;
}
