import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useScreenGuard } from "./useScreenGuard";

const tapped = vi.fn();

function Page({ name }: { name: string }) {
  useScreenGuard(name);
  return (
    <button type="button" onClick={tapped}>
      tap
    </button>
  );
}

const down = () => fireEvent.pointerDown(screen.getByText("tap"), { pointerId: 1 });
const up = () => {
  fireEvent.pointerUp(screen.getByText("tap"), { pointerId: 1 });
  fireEvent.click(screen.getByText("tap"), { detail: 1 });
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] });
  tapped.mockReset();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe("touches on a page whose screen changes", () => {
  it("count on the first screen at once", () => {
    render(<Page name="a" />);
    down();
    up();
    expect(tapped).toHaveBeenCalledTimes(1);
  });

  it("are ignored for half a second, and the page says when they count again", () => {
    const { rerender } = render(<Page name="a" />);
    rerender(<Page name="b" />);
    expect(document.documentElement.dataset.guard).toBe("closed");
    down();
    up();
    expect(tapped).not.toHaveBeenCalled();
    act(() => void vi.advanceTimersByTime(500));
    expect(document.documentElement.dataset.guard).toBe("open");
    down();
    up();
    expect(tapped).toHaveBeenCalledTimes(1);
  });

  it("that began on the screen before are ignored to their end", () => {
    const { rerender } = render(<Page name="a" />);
    down();
    rerender(<Page name="b" />);
    act(() => void vi.advanceTimersByTime(5_000));
    up();
    expect(tapped).not.toHaveBeenCalled();
  });

  it("don't keep a keyboard or a screen reader from pressing", () => {
    const { rerender } = render(<Page name="a" />);
    rerender(<Page name="b" />);
    fireEvent.click(screen.getByText("tap"), { detail: 0 });
    expect(tapped).toHaveBeenCalledTimes(1);
  });
});
