/** The mill wheel. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="currentColor" />
      <g fill="none" stroke="#fff" strokeWidth="2.2" strokeLinecap="round">
        <circle cx="16" cy="16" r="7.2" />
        <path d="M16 4.6v6M16 21.4v6M4.6 16h6M21.4 16h6M7.9 7.9l4.3 4.3M19.8 19.8l4.3 4.3M24.1 7.9l-4.3 4.3M12.2 19.8l-4.3 4.3" />
      </g>
      <circle cx="16" cy="16" r="2" fill="#fff" />
    </svg>
  );
}
