// How each kind of piece is painted: (context, piece, view, time, palette), where the view maps the square to the canvas
// (see ../geometry.js).

import { arrows, heat } from "./heat-and-arrows.js";
import { paths, points } from "./points-and-paths.js";
import { ellipses, marks, mesh, rays } from "./shapes.js";
import { tiles } from "./tiles.js";

export const PAINTERS = { points, paths, arrows, heat, rays, ellipses, mesh, marks, tiles };
