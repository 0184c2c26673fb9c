/** npm `eventsource`: the standard's EventSource outside a browser. Prints what it dispatches, a line of JSON each. */
import { EventSource } from "eventsource";

const { MILLRACE_TEST_URL: url, MILLRACE_TEST_TOKEN: token, MILLRACE_TEST_EVENTS: names } = process.env;
const source = new EventSource(url, {
  fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } }),
});
for (const name of names.split(",")) {
  source.addEventListener(name, (event) => {
    console.log(JSON.stringify({ name: event.type, id: event.lastEventId, data: JSON.parse(event.data) }));
  });
}
