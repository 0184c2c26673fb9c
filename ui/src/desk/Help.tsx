/** The keys of the board. */

import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Action } from "../parts/Action";

export function Help({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const rows: ReadonlyArray<[string, string]> = [
    ["/", t("desk.helpSearch")],
    ["f", t("desk.helpFilter")],
    ["1 – 4", t("desk.helpStates")],
    ["?", t("desk.helpHelp")],
  ];
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable
      className="fixed inset-0 z-20 flex items-center justify-center bg-ink/40 p-6"
    >
      <Modal className="w-full max-w-md">
        <Dialog className="rounded-card bg-card p-6 shadow-xl outline-none">
          <Heading slot="title" className="mb-4 text-xl font-semibold">
            {t("desk.help")}
          </Heading>
          <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-5 gap-y-3">
            {rows.map(([key, words]) => (
              <div key={key} className="contents">
                <dt>
                  <kbd className="figures rounded border border-line bg-ground px-2 py-0.5 font-sans text-sm">
                    {key}
                  </kbd>
                </dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
          <div className="mt-6 flex justify-end">
            <Action size="small" onPress={onClose}>
              {t("app.close")}
            </Action>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
