"""Every odd zip, and every odd set of pictures, gives what its table says: images, or a sentence."""

import pytest
from odd_files.albums import ALBUMS, Refusal

from playground.data import DataError, read_album


@pytest.mark.parametrize(("files", "outcome"), ALBUMS.values(), ids=ALBUMS)
def test_pictures_that_people_bring(files, outcome):
    if isinstance(outcome, Refusal):
        with pytest.raises(DataError) as caught:
            read_album(files)
        assert outcome.words in str(caught.value)
        assert str(caught.value).endswith(".")
        return
    album = read_album(files)
    assert album.pictures.images.shape == (outcome.n, 16, 16, 3)
    assert album.pictures.names == outcome.names
    assert (album.pictures.labels is None) == (outcome.names is None)
    in_classes = f" in {len(outcome.names)} classes" if outcome.names else ""
    said = [f"Read {outcome.n} pictures{in_classes}; a fifth is held out.", outcome.said]
    assert album.note == " ".join(filter(None, said))
