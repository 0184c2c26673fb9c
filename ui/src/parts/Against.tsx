/** What stands against something, for a supervisor: in his language, and beneath it what exactly, in the server's. */
import type { Complaint } from "./problems";

export function Against({ complaint: { words, detail } }: { complaint: Complaint }) {
  return (
    <>
      {words}
      {detail && (
        // As wide as its words, so that it begins where the reader's own lines do.
        <span lang="en" dir="ltr" className="block w-fit text-sm text-muted">
          {detail}
        </span>
      )}
    </>
  );
}
