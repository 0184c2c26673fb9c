/** A report's pictures: small in a row, and large when one is pressed. What has not arrived yet is said to follow. */
import { useQuery } from "@tanstack/react-query";
import { ImageOff } from "lucide-react";
import { Button, Dialog, DialogTrigger, Modal, ModalOverlay } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { ImageId } from "../generated/ImageId";
import type { Report } from "../generated/Report";
import { useHost } from "../host/context";
import { Action } from "../parts/Action";

/** As an address of its own: the desktop's page may show no other. */
function addressOf(picture: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(picture);
  });
}

function Picture({ id, words }: { id: ImageId; words: string }) {
  const { t } = useTranslation();
  const { desk } = useHost();
  const { data: address, isError } = useQuery({
    queryKey: ["desk", "picture", id],
    queryFn: async () => addressOf(await desk.picture(id)),
    // Under its id it never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (isError) return <ImageOff role="img" aria-label={t("pictures.failed")} size={24} className="text-muted" />;
  if (address === undefined) return <span className="size-14 rounded-card bg-ground" />;
  return (
    <DialogTrigger>
      <Button
        aria-label={words}
        data-testid={`picture-${id}`}
        className="overflow-hidden rounded-card border border-line"
      >
        <img src={address} alt="" className="size-14 object-cover" />
      </Button>
      <ModalOverlay isDismissable className="fixed inset-0 z-20 flex items-center justify-center bg-ink/60 p-6">
        <Modal>
          <Dialog aria-label={words} className="flex flex-col items-end gap-3 rounded-card bg-card p-3 outline-none">
            {({ close }) => (
              <>
                <img src={address} alt={words} className="max-h-[80vh] max-w-full object-contain" />
                <Action size="small" testId="picture-close" onPress={close}>
                  {t("app.close")}
                </Action>
              </>
            )}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}

export function Pictures({ of: { images } }: { of: Report }) {
  const { t } = useTranslation();
  if (images.length === 0) return null;
  return (
    <span className="flex basis-full flex-wrap items-center gap-2 py-1">
      {images.map(({ id, arrived }, index) =>
        arrived ? (
          <Picture key={id} id={id} words={t("pictures.one", { at: index + 1 })} />
        ) : (
          <span key={id} className="text-sm text-muted">
            {t("pictures.follows")}
          </span>
        ),
      )}
    </span>
  );
}
