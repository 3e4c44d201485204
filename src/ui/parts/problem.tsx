/** An error, in its own words: they say what to do. */
export function Problem({ error }: { error: Error | undefined }) {
  if (!error) return null;
  return (
    <p class="problem" role="alert">
      {inWordsOfThePage(error)}
    </p>
  );
}

function inWordsOfThePage(error: Error): string {
  switch (error.name) {
    case 'TypeError':
      // As all browsers say that nobody answered, each in words of its own.
      return /fetch|network|load failed/i.test(error.message)
        ? 'The server does not answer. Start it again with "rekollect ui", and open the address that it prints.'
        : error.message;
    case 'UnrecognizedClientException':
    case 'InvalidSignatureException':
    case 'MissingAuthenticationTokenException':
      return 'The server was started again since this page was opened. Open the address that it printed.';
    default:
      return error.message;
  }
}
