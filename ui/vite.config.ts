/// <reference types="vitest/config" />
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Where `npm run dev` finds a server to talk to.
const server = process.env.MILLRACE_URL ?? "http://127.0.0.1:7420";

export default defineConfig({
  // Absolute: the page is reloaded at /kiosk and /desk, both under the server and under tauri://localhost.
  base: "/",
  plugins: [react(), tailwindcss()],
  server: {
    port: 5173,
    // The origin is kept as the browser sent it, because the server compares it with the host
    // before it takes a state change by cookie.
    proxy: { "/api": { target: server, changeOrigin: false } },
  },
  build: {
    target: "es2022",
    // A data: URL would need its own word in the content security policy.
    assetsInlineLimit: 0,
    // Nothing is said about the map of the sources; they are in the repository.
    sourcemap: false,
    modulePreload: { polyfill: false },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    // Longer than anything in a test is waited for, so that it is told what did not come.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
