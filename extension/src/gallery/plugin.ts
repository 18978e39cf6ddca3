import { GALLERY_MIME } from "figloom/views";
import { viewPlugin } from "../common/plugin.js";
import { drawGallery } from "./gallery.js";
import { galleryView } from "./schema.js";

export const galleryPlugin = viewPlugin({
  name: "gallery",
  description: "Draws galleries of figures with their captions.",
  mimeType: GALLERY_MIME,
  schema: galleryView,
  draw: drawGallery,
});
