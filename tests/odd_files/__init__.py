"""Files that people have, or that somebody made to do harm, each with what must come of it."""

from odd_files.arrays import ARRAYS
from odd_files.pictures import PICTURES
from odd_files.tables import CLASSES, DIALECTS, REFUSED

CASES = DIALECTS | CLASSES | REFUSED | ARRAYS | PICTURES
