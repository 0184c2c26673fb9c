/** npm `eventsource-parser`: the format alone. Prints what it makes of the bytes, a line of JSON each. */
import { createParser } from "eventsource-parser";

const { MILLRACE_TEST_URL: url, MILLRACE_TEST_TOKEN: token } = process.env;
// It gives an event the id of its own lines; the standard keeps the last one.
let last = "";
const parser = createParser({
  onEvent: (event) => {
    last = event.id ?? last;
    console.log(JSON.stringify({ name: event.event ?? "message", id: last, data: JSON.parse(event.data) }));
  },
  onError: (error) => {
    throw error;
  },
});
const answer = await fetch(url, { headers: { Authorization: `Bearer ${token}`, Accept: "text/event-stream" } });
const decoder = new TextDecoder();
for await (const piece of answer.body) {
  parser.feed(decoder.decode(piece, { stream: true }));
}
