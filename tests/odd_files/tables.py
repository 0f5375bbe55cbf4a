"""Texts: their dialects, their classes, and those that are refused."""

import codecs

from odd_files.outcome import Points, Refusal, csv

TWO = Points([[1, 2], [3, 4.5]])
DECIMAL = "Commas were read as decimal points."
GROUPS = "Commas were read as thousands separators."
BOTH = "Commas were read as decimal points, and points as thousands separators."
NOT_TWO = "does not start with two numbers"
THREE = [[1, 2], [3, 4], [5, 7]]
INDEX = "The first column numbers the rows and was left out."


def two(said: str) -> Points:
    return TWO._replace(said=said)


def left_out(line: int, why: str) -> str:
    return f"1 row was left out: it is line {line}, which {why}."


def named(labels: list[int], *names: str) -> Points:
    mapping = ", ".join(f"{label} is “{name}”" for label, name in enumerate(names))
    return Points(THREE, labels, names, f"Class {mapping}.")


DIALECTS = {
    "commas": csv("1,2\n3,4.5\n", TWO),
    "no end of the last line": csv("1,2\r\n3,4.5", TWO),
    "line ends of an old Mac": csv("1,2\r3,4.5\r", TWO),
    "line ends of all kinds": csv("1,2\r\n\r\n\r3,4.5\n\r", TWO),
    "DOS's end of a file": csv("1,2\r\n3,4.5\r\n\x1a", TWO),
    "a mark of UTF-8": csv("\ufeff1,2\n3,4.5\n", TWO),
    "a mark and a header": csv("\ufeffx,y\r\n1,2\r\n\r\n3,4.5\r\n\r\n", TWO),
    "UTF-16, little end first": csv(codecs.BOM_UTF16_LE + "x\ty\r\n1\t2\r\n3\t4.5\r\n".encode("utf-16-le"), TWO),
    "UTF-16, big end first": csv(codecs.BOM_UTF16_BE + "1,2\n3,4.5".encode("utf-16-be"), TWO),
    "UTF-32": csv(codecs.BOM_UTF32_LE + "1,2\n3,4.5".encode("utf-32-le"), TWO),
    "Latin-1": csv("größe,höhe\n1,2\n3,4.5".encode("latin-1"), TWO),
    "Windows-1252": csv("“x”,“y”\n1,2\n3,4.5".encode("cp1252"), TWO),
    "in capitals": csv("1,2\n3,4.5", TWO, "POINTS.CSV"),
    "several full stops": csv("1,2\n3,4.5", TWO, "my.points.v2.txt"),
    "semicolons": csv("x;y\n1;2\n3;4.5", TWO),
    "semicolons and decimal commas": csv("x;y\n1;2\n3;4,5", two(DECIMAL)),
    "decimal commas and points": csv("1,0;2.0\n3;4.5", two(DECIMAL)),
    "a separator that is told": csv("sep=;\nx;y\n1;2\n3;4.5", TWO),
    "a separator that is told in quotes": csv('"sep=;"\r\n1;2\r\n3;4.5', TWO),
    "an odd separator that is told": csv("sep=|\n1|2\n3|4.5", TWO),
    "a separator that can be none": csv('sep="\n1,2\n3,4.5', TWO),
    "tabs": csv("1\t2\n3\t4.5", TWO, "points.tsv"),
    "tabs and decimal commas": csv("x\ty\n1,0\t2,0\n3\t4,5", two(DECIMAL)),
    "tabs and a decimal comma that looks like a thousand": csv(
        "1,250\t2\n3,500\t4", Points([[1.25, 2], [3.5, 4]], said=DECIMAL)
    ),
    "tabs in rows": csv("1\t\t2\n3\t\t4.5", TWO, "points.txt"),
    "spaces": csv("  1   2 \n 3 4.5e0", TWO),
    "spaces and tabs": csv("1 \t 2\n3\t4.5  ", TWO, "points.txt"),
    "spaces and decimal commas": csv("1,0 2,0\n3,0 4,5", two(DECIMAL)),
    "a header of words with spaces": csv("the width the height\n1 2\n3 4.5", TWO),
    "comments": csv("# made by hand\nx y\n1 2\n# more\n3 4.5", TWO),
    "a comment before a header": csv("#x,y\nx,y\n1,2\n  # 7,8\n3,4.5", TWO),
    "quotes": csv('"x","y"\n"1","2"\n"3","4.5"', TWO),
    "quotes after spaces": csv('1, "2"\n"3", "4.5"', TWO),
    "spaces about commas": csv("1, 2\n3 , 4.5", TWO),
    "a header in words": csv("a header in words\n1,2\n3,4.5", TWO),
    "a header with digits": csv("x1,x2\n1,2\n3,4.5", TWO),
    "thousands in quotes": csv('"1,234",5\n"345,678.5",6', Points([[1234, 5], [345678.5, 6]], said=GROUPS)),
    "decimal commas in quotes": csv('"1,0","2"\n"3","4,5"', two(DECIMAL)),
    "thousands and decimals of two kinds": csv("1.234,5;2\n1.500;3", Points([[1234.5, 2], [1500, 3]], said=BOTH)),
    "English thousands among tabs": csv("1,234.5\t2\n1,500\t3", Points([[1234.5, 2], [1500, 3]], said=GROUPS)),
    "French thousands": csv("1\u202f234,5;2\n12\u00a0500;3", Points([[1234.5, 2], [12500, 3]], said=DECIMAL)),
    "minus signs": csv("−1,2\n3,−4.5e−1", Points([[-1, 2], [3, -0.45]])),
    "plus signs and bare points": csv("+1,.5\n-.25,4.", Points([[1, 0.5], [-0.25, 4]])),
    "empty rows of a spreadsheet": csv("1,2\n3,4.5\n,\n,\n , \n", TWO),
    "empty columns of a spreadsheet": csv("x,y,,\n1,2,,\n3,4.5,,\n", TWO),
    "an empty column in some rows": csv("1,2\n3,4.5,\n", TWO),
    "an index that counts from 0": csv(
        "0,1.5,20\n1,3.5,10\n2,4.5,30", Points([[1.5, 20], [3.5, 10], [4.5, 30]], said=INDEX)
    ),
    "an index that counts from 1": csv(
        "1;5,5;1\n2;7;2,5\n3;1;1", Points([[5.5, 1], [7, 2.5], [1, 1]], said=f"{INDEX} {DECIMAL}")
    ),
    "an index without a name": csv(",x,y\n0,1,2\n1,3,4.5", two(INDEX)),
    "an index with a name": csv("ID,x,y\n17,1,2\n4,3,4.5", two(INDEX)),
    "an index of words": csv('"","x","y"\n"a",1,2\n"b",3,4.5', two(INDEX)),
    "an index that R left unnamed": csv("x y\n1 1 2\n2 3 4.5", two(INDEX)),
    "an index and a class": csv(
        ",x,y,kind\n0,1,2,b\n1,3,4,a",
        Points([[1, 2], [3, 4]], [1, 0], ("a", "b"), f"{INDEX} Class 0 is “a”, 1 is “b”."),
    ),
    "what counts is x": csv("1,5\n2,3\n3,9", Points([[1, 5], [2, 3], [3, 9]])),
    "a row in the middle": csv("1,2\nthree,four\n3,4.5", two(left_out(2, NOT_TWO))),
    "the first row": csv("1..5,2\n1,2\n3,4.5", two(left_out(1, NOT_TWO))),
    "a first row that is missing": csv("NA,NA\n1,2\n3,4.5", two(left_out(1, NOT_TWO))),
    "a second header": csv("x,y\nm,m\n1,2\n3,4.5", two(left_out(2, NOT_TWO))),
    "a number that is none": csv("1,2\nnan,4\n3,4.5", two(left_out(2, "has a number that is not finite"))),
    "numbers beyond all": csv(
        "1,2\n3,4.5\ninf,1\n5,6\n1e999,3",
        Points(
            [[1, 2], [3, 4.5], [5, 6]],
            said="2 rows were left out: the first is line 3, which has a number that is not finite.",
        ),
    ),
    "a missing cell": csv("1,2\n3,\n3,4.5", two(left_out(2, NOT_TWO))),
    "a long line": csv("1,2\n" + "3" * 5000 + ",4\n3,4.5", two(left_out(2, "is too long"))),
    "an open quote": csv('1,2\n"3,4\n3,4.5\n', two(left_out(2, NOT_TWO))),
    "a row of more columns": csv("1,2\n3,4,5\n3,4.5", two(left_out(2, "has 3 columns, not 2"))),
    "a row without its class": csv(
        "1,2,0\n3,4\n5,6,1",
        Points([[1, 2], [5, 6]], [0, 1], ("0", "1"), left_out(2, "has 2 columns, not 3")),
    ),
    "an index with a gap": csv(
        ",x,y\n0,1,2\n1,,\n2,3,4.5",
        two(f"1 row was left out: it is line 3, which has no two numbers after the first column. {INDEX}"),
    ),
}
"""Texts of all dialects; rows that can't be read are left out with a word."""

NUMBERS = tuple("0123456789")

CLASSES = {
    "class numbers, whatever comes first": csv("1,2,2\n3,4,0\n5,7,1", Points(THREE, [2, 0, 1], NUMBERS[:3])),
    "class numbers as decimals": csv("1 2 2.0\n3 4 0\n5 7 1.", Points(THREE, [2, 0, 1], NUMBERS[:3])),
    "a class number without points": csv(
        "1,2,2\n3,4,0\n5,7,2", Points(THREE, [2, 0, 2], NUMBERS[:3], "No point is of class 1.")
    ),
    "class numbers with gaps": csv(
        "1,2,1\n3,4,9\n5,7,8",
        Points(THREE, [1, 9, 8], NUMBERS, "No point is of class 0, 2, 3, 4, 5, 6 or 7."),
    ),
    "ten classes": csv(
        "\n".join(f"{i},{i * i},{9 - i}" for i in range(10)),
        Points([[i, i * i] for i in range(10)], [9 - i for i in range(10)], NUMBERS),
    ),
    "names": csv("x,y,kind\n1,2,dog\n3,4,cat\n5,7,dog\n", named([1, 0, 1], "cat", "dog")),
    "names in quotes": csv(
        '1,2,"a, b"\n3,4,"say ""x"""\n5,7,c',
        named([0, 2, 1], "a, b", "c", 'say "x"'),
    ),
    "names in capitals": csv("1,2,b\n3,4,C\n5,7,A", named([1, 2, 0], "A", "b", "C")),
    "names of the world": csv("1;2;ä\n3;4;猫\n5;7;ä".encode(), named([0, 1, 0], "ä", "猫")),
    "names in Latin-1": csv("1;2;ä\n3;4;é\n5;7;ä".encode("latin-1"), named([0, 1, 0], "ä", "é")),
    "names among spaces": csv('1 2 "b c"\n3 4 a\n5 7 "b c"', named([1, 0, 1], "a", "b c")),
    "a name that is missing": csv("1,2,\n3,4,ä\n5,7,\n", named([0, 1, 0], "(none)", "ä")),
    "a long name": csv(
        f"1,2,{'a' * 25}\n3,4,{'b' * 24}\n5,7,b",
        named([0, 2, 1], "a" * 23 + "…", "b", "b" * 24),
    ),
    "a name with odd characters": csv("1,2,a\u200bb\n3,4,c\u2028\n5,7,c\u2028", named([0, 1, 1], "a?b", "c")),
    "numbers beyond nine": csv("1,2,17\n3,4,9\n5,7,17", named([1, 0, 1], "9", "17")),
    "negative numbers": csv("1;2;1\n3;4;1.0\n5;7;−1\n", named([1, 1, 0], "-1", "1")),
    "broken numbers": csv("1,2,1.5\n3,4,10\n5,7,1.50", named([0, 1, 0], "1.5", "10")),
    "numbers and words": csv("1,2,b\n3,4,10\n5,7,9", named([2, 1, 0], "9", "10", "b")),
    "classes called nan": csv("1,2,1\n3,4,nan\n5,7,nan\n", named([0, 1, 1], "1", "nan")),
    "an infinite class": csv(
        "1,2,1\n3,4,inf\n5,7,1e999\n",
        named([0, 2, 1], "1", "1e999", "inf"),
    ),
    "a huge number": csv(
        "1,2,1e30\n3,4,1e15\n5,7,1e14\n",
        named([2, 1, 0], "100000000000000", "1000000000000000.0", "1e+30"),
    ),
    "true and false": csv("1,2,True\n3,4,False\n5,7,True", named([1, 0, 1], "False", "True")),
    "a single class": csv("1,2,3\n3,4,3\n5,7,3", Points(THREE, said="All are of one class, 3.")),
    "a single name": csv("1,2,cat\n3,4,cat\n5,7,cat", Points(THREE, said="All are of one class, cat.")),
    "x counts, and there are classes": csv(
        "x,y,class\n0,5,1\n1,4,0\n2,6,1", Points([[0, 5], [1, 4], [2, 6]], [1, 0, 1], NUMBERS[:2])
    ),
    "a name with markup": csv("1,2,<b>x\n3,4,y\n5,7,y", named([0, 1, 1], "<b>x", "y")),
}
"""Texts with classes."""

REFUSED = {
    "nothing": csv("", Refusal("no points")),
    "empty lines": csv("\n\n  \n", Refusal("no points")),
    "only a mark": csv(codecs.BOM_UTF16_LE, Refusal("no points")),
    "only a separator": csv("sep=;", Refusal("no points")),
    "only comments": csv("# 1,2\n# 3,4\n", Refusal("no points")),
    "only empty cells": csv(",,,\n,,,\n", Refusal("no points")),
    "only a header": csv("x,y\n", Refusal("no points")),
    "one point": csv("1,2\n", Refusal("at least two points")),
    "one place": csv("1,2\n1,2\n", Refusal("at least two points")),
    "a point and nan": csv("1,2\nnan,4\n", Refusal("Line 2 has a number that is not finite")),
    "a point and infinity": csv("1,2\n3,inf\n", Refusal("Line 2 has a number that is not finite")),
    "a point and too much": csv("1,2\n3,1e999\n", Refusal("Line 2 has a number that is not finite")),
    "too far away": csv("1,2\n3,2e9\n", Refusal("within ±1,000,000,000")),
    "words": csv("1,2\nthree,four\n", Refusal("Line 2 does not start with two numbers.")),
    "two headers": csv("x,y\nx,y\n1,2\n", Refusal("Line 2 does not start with two numbers.")),
    "a word in the first row": csv("1,two\n3,4\n", Refusal("Line 1 does not start with two numbers.")),
    "one number": csv("1,2\n3\n", Refusal("Line 2 does not start with two numbers.")),
    "a class too many": csv("1,2\n3,4,5\n", Refusal("Line 2 has 3 columns, not 2.")),
    "a class too few": csv("1,2,a\n3,4\n", Refusal("Line 2 has 2 columns, not 3.")),
    "four columns": csv("1,2,3,4\n5,6,7,8\n", Refusal("There are 4 columns; two for x and y")),
    "a wide table": csv(",".join("7" * 100) + "\n" + ",".join("8" * 100), Refusal("There are 100 columns")),
    "one column": csv("1\n2\n3\n", Refusal("Line 1 does not start with two numbers, and 2 more")),
    "two separators": csv("1,2\n3 4\n", Refusal("Line 2 does not start with two numbers")),
    "two points in a number": csv("1,234.5.6\n2,3.4.5", Refusal("Line 1 does not start with two numbers")),
    "a group of two digits": csv('"1.23,4";5\n"1.234,5";6', Refusal("Line 1 does not start with two numbers")),
    "most rows": csv(
        "x,y\n1,2\n" + "a,b\n" * 10 + "3,4\n",
        Refusal("Line 3 does not start with two numbers, and 9 more can't be read."),
    ),
    "eleven classes": csv(
        "".join(f"1,{i},{'abcdefghijk'[i]}\n" for i in range(11)), Refusal("column has 11 different values; at most 10")
    ),
    "a third number": csv(
        "".join(f"{i % 7},{i},{i * i}\n" for i in range(50)), Refusal("column has 50 different values")
    ),
    "a million classes": csv(
        "".join(f"{i % 7},1,{i}\n" for i in range(5000)), Refusal("more than 1,000 different values")
    ),
    "a long line alone": csv("1" * 1_000_000, Refusal("Line 1 is too long")),
    "a long line of quotes": csv('"' * 1_000_000, Refusal("Line 1 is too long")),
    "a point and a long line": csv("1,2\n" + "3" * 5000 + ",4\n", Refusal("Line 2 is too long")),
    "a letter": csv("just a letter to my aunt\nwith words\n", Refusal("Line 2 does not start with two numbers")),
    "a page": csv("<html><body>\n<p>1,2</p>\n", Refusal("Line 2 does not start with two numbers")),
    "JSON": csv('{"points": [[1, 2],\n[3, 4]]}', Refusal("Line 1 does not start with two numbers")),
    "two million lines": csv("\n" * 2_100_000, Refusal("more than 2,000,000 lines")),
    "NUL in a number": csv("1,2\n3\0,4\n", Refusal("not a text file")),
    "NUL alone": csv(bytes(5000), Refusal("not a text file")),
    "UTF-16 without a mark": csv("1,2\n3,4\n".encode("utf-16-le"), Refusal("not a text file")),
    "half of UTF-16": csv(codecs.BOM_UTF16_LE + b"1\x00,\x00\x00\xd8", Refusal("not a text file")),
    "a mark of UTF-8 before other bytes": csv(codecs.BOM_UTF8 + b"1,2\n3,4,\xff", Refusal("not a text file")),
    "all bytes": csv(bytes(range(256)) * 20, Refusal("not a text file")),
    "bytes in the middle": csv(b"1,2\n\xff\xfe\x00,4\n", Refusal("not a text file")),
    "a picture by a wrong name": csv(b"\x89PNG\r\n\x1a\n" + bytes(100), Refusal("not a text file")),
    "escapes of a terminal": csv("1,2\n\x1b[31m3,4\n", Refusal("not a text file")),
    "a spreadsheet": csv(b"PK\x03\x04", Refusal("Points come as text (.csv"), "points.xlsx"),
    "no ending": csv("1,2\n3,4", Refusal("as a NumPy array (.npy)"), "points"),
    "an ending alone": csv("1,2\n3,4", Refusal("or as a picture (.png"), ".csv"),
    "another ending": csv("1,2\n3,4", Refusal("Points come as text"), "points.csv.pkl"),
    "no name": csv("1,2\n3,4", Refusal("Points come as text"), ""),
    "a path": csv("1,2\n3,4", Refusal("Points come as text"), "../../etc/passwd"),
    "a name of NUL": csv("1,2\n3,4", Refusal("Points come as text"), "points\0"),
    "more than 20 MB": csv(b"1,2\n" * 5_000_001, Refusal("too large; at most 20 MB")),
}
"""Texts that are refused, and files of other kinds."""
