/** The two doors of a browser: the worker's kiosk and the supervisor's desk. */
export function Doors() {
  return (
    <main>
      <a href="/kiosk" data-testid="door-kiosk">
        Kiosk
      </a>
      <a href="/desk" data-testid="door-desk">
        Supervisor
      </a>
    </main>
  );
}
