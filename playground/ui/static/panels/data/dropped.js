// Files that are dropped or chosen: [{name, file}, …], where a name includes the folders in a dropped one.

const MOST = 3000; // files of a folder; the server reads 2,000 pictures

/** Files of an input. */
export const chosenFiles = (files) =>
  Array.from(files, (file) => ({ name: file.webkitRelativePath || file.name, file }));

/** Files and folders of a drop. They must be asked for while its event is handled. */
export function droppedFiles({ items, files }) {
  const entries = Array.from(items ?? [], (item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return Promise.resolve(chosenFiles(files));
  return all(entries);
}

async function all(entries) {
  const found = [];
  const waiting = [...entries];
  while (waiting.length && found.length < MOST) {
    const entry = waiting.shift();
    if (entry.isDirectory) waiting.push(...(await inside(entry)));
    else found.push({ name: entry.fullPath.slice(1), file: await fileOf(entry) });
  }
  return found;
}

const fileOf = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));

// A browser gives some at a time.
async function inside(folder) {
  const reader = folder.createReader();
  const found = [];
  for (;;) {
    const more = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!more.length) return found;
    found.push(...more);
  }
}

/** Whether these are pictures to learn from, and not points: several files, or a zip. */
export const arePictures = (files) => files.length > 1 || /\.zip$/i.test(files[0]?.name ?? "");
