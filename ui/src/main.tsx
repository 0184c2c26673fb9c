import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Doors } from "./app/Doors";
import "./app/app.css";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Doors />
    </StrictMode>,
  );
}
