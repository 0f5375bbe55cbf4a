// The painter of each type of piece: (context, piece, view, time, palette). The view maps canvas coordinates to pixels
// (see ../geometry.js).

import { arrows, heat } from "./heat-and-arrows.js";
import { paths, points } from "./points-and-paths.js";
import { ellipses, marks, mesh, rays } from "./shapes.js";
import { tiles } from "./tiles.js";

export const PAINTERS = { points, paths, arrows, heat, rays, ellipses, mesh, marks, tiles };

/** Whether a piece colours areas. Such pieces lie lowest, and points on them have a halo. */
export const isMap = ({ type }) => type === "heat" || type === "mesh";

export const hasMap = ({ pieces }) => pieces.some(isMap);
