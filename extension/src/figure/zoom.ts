/** How a picture lies in its frame. All lengths in CSS pixels. */
export interface Zoom {
  /** CSS pixels a pixel of the picture. */
  scale: number;
  /** Upper left corner of the picture in the frame. */
  x: number;
  y: number;
}

/** How much a button or a key zooms in. */
export const ZOOM_STEP = 1.5;

export interface Size {
  width: number;
  height: number;
}

/** At most so many CSS pixels a pixel of the picture. */
const MOST = 16;

/** The scale at which all of a picture is seen; small pictures are not blown up. */
function fitScale(picture: Size, frame: Size): number {
  if (!(frame.width > 0 && frame.height > 0)) return 1;
  return Math.min(frame.width / picture.width, frame.height / picture.height, 1);
}

/** All of the picture, in the middle. */
export function fit(picture: Size, frame: Size): Zoom {
  return placed({ scale: fitScale(picture, frame), x: 0, y: 0 }, picture, frame);
}

/** Whether all of the picture is seen. */
export function isFit({ scale }: Zoom, picture: Size, frame: Size): boolean {
  return Math.abs(scale - fitScale(picture, frame)) < 1e-6;
}

/** Another scale; the point of the picture that is at `point` of the frame stays there. */
export function zoomTo(
  zoom: Zoom,
  scale: number,
  point: { x: number; y: number },
  picture: Size,
  frame: Size,
): Zoom {
  const to = Math.min(Math.max(scale, fitScale(picture, frame)), MOST);
  const by = to / zoom.scale;
  const moved = { scale: to, x: point.x - (point.x - zoom.x) * by, y: point.y - (point.y - zoom.y) * by };
  return placed(moved, picture, frame);
}

/** Moved by some pixels, as far as there is picture to see. */
export function pan(zoom: Zoom, x: number, y: number, picture: Size, frame: Size): Zoom {
  return placed({ ...zoom, x: zoom.x + x, y: zoom.y + y }, picture, frame);
}

/** A picture smaller than its frame stands in the middle; a larger one leaves no gap at its edges. */
function placed({ scale, x, y }: Zoom, picture: Size, frame: Size): Zoom {
  const along = (at: number, length: number, room: number): number => {
    const spare = room - length * scale;
    return spare >= 0 ? spare / 2 : Math.min(0, Math.max(spare, at));
  };
  return {
    scale,
    x: along(x, picture.width, frame.width),
    y: along(y, picture.height, frame.height),
  };
}
