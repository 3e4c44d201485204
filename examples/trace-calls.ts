// How do I see what my calls cost and how long they take?   npx tsx examples/trace-calls.ts ada.jpg party.jpg
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { ConsoleSpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { FaceCollection, fromFile, type ServiceCall } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';

const [portrait, party] = process.argv.slice(2);
if (!portrait || !party) throw new Error('Give a portrait of one person, and a photo of several.');

// Your service has a provider already, with an exporter to where its traces go.
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new ConsoleSpanExporter())] }).register();
const tracer = trace.getTracer('faces');

/** A span for each call, below the span that is active where the call was made. */
function traceCall({
  operation,
  startedAt,
  milliseconds,
  error,
  requestId,
  attempts,
  billedCalls,
}: ServiceCall) {
  const attributes = {
    'rpc.system': 'aws-api',
    'rpc.service': 'Rekognition',
    'rpc.method': operation,
    ...(requestId && { 'aws.request_id': requestId }),
    ...(attempts && { attempts }),
    billedCalls,
  };
  const options = { kind: SpanKind.CLIENT, startTime: startedAt, attributes };
  const span = tracer.startSpan(`Rekognition.${operation}`, options);
  if (error) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
  span.end(startedAt + milliseconds);
}

const client = new LocalRekognition();
const friends = new FaceCollection('friends', { client, onCall: traceCall });
await friends.create();
await tracer.startActiveSpan('who is at the party', async (span) => {
  await friends.enrollUser('ada', [fromFile(portrait)]);
  await friends.searchPhoto(fromFile(party));
  span.end();
});
await client.close();
