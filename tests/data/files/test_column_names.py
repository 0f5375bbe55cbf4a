"""Columns whose names say that they stand in another order are not read as x, y and the class."""

import pytest

from playground.data.errors import DataError
from playground.data.files.upload import read_points


@pytest.mark.parametrize(
    "header", ["class,x,y", "Label,a,b", '"species","x","y"', "x,class,y", "y,x,class", "Y,X,class"]
)
def test_another_order_is_refused_by_name(header):
    with pytest.raises(DataError, match="x comes first, then y, and then the class"):
        read_points(f"{header}\n0,1.5,2\n1,3.5,4\n0,2.5,2".encode(), "points.csv")


def test_after_an_index_too():
    with pytest.raises(DataError, match="are called “class”, “x”, “y”"):
        read_points(b",class,x,y\n0,1,1.5,2\n1,0,3.5,4\n2,1,2.5,2", "points.csv")


@pytest.mark.parametrize("header", ["x,y,class", "X,Y,y", "a,b,label", "width,height,kind"])
def test_the_usual_order_is_read(header):
    found = read_points(f"{header}\n0,1.5,2\n1,3.5,4\n0,2.5,2".encode(), "points.csv").drawing
    assert found.places.tolist() == [[0, 1.5], [1, 3.5], [0, 2.5]]
    assert found.labels.tolist() == [2, 4, 2]
