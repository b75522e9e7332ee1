"""Workbooks of Excel in and out: they cost what CSV costs, text stays text, and what is refused; extra excel."""

from __future__ import annotations

import datetime
import io
import re
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec.cli.files.blocks import Reading, ReadingOptions
from smscodec.cli.reading import InputRefusedError
from smscodec.testing import strategies
from tests.bulk_files import bulk, csv_of, dribbled, library, rows_of, written
from tests.command_line import FEWER, run

openpyxl = library("openpyxl")
excel_rows = library("smscodec.cli.files.excel_rows")
excel_writer = library("smscodec.cli.bulk.excel_writer")


def workbook(path: Path, rows: Sequence[Sequence[Any]], title: str = "Messages") -> str:
    """A workbook of one sheet, in which text is text."""
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    for cells in book.active.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    book.save(path)
    return str(path)


def test_merged_cells_name_the_group_of_every_row_that_they_span(tmp_path: Path) -> None:
    """Each row counts under the value of the merged cells, also behind one that is refused, or empty, or wider."""
    groups = ["spring", "spring", "spring", "autumn", None, "winter", "winter", None, "winter", "north", "north"]
    texts = ["a", True, "ж", "b", "c", 1.5, "d", None, "e", "f", "g"]
    rows: list[list[Any]] = [
        ["to", "group", "text"],
        *([None, group, text] for group, text in zip(groups, texts, strict=True)),
    ]
    plain, path = workbook(tmp_path / "plain.xlsx", rows), tmp_path / "merged.xlsx"
    rows[10][:2] = rows[11][:2] = ["north", None]
    book = openpyxl.load_workbook(workbook(path, rows))
    book.active["A6"] = "not the group"
    for cells in ("B2:B4", "A6:B6", "B7:B10", "A11:B12", "C13:C20"):
        book.active.merge_cells(cells)
    book.save(path)
    arguments = ("--column", "text", "--by", "group", "--on-error", "count")
    expected = bulk(*arguments, plain)["by"]
    counted = {row["group"]["group"]: row["messages"] for row in expected}
    assert counted == {"spring": 2, "autumn": 1, "": 1, "winter": 2, "north": 2}
    assert expected == bulk(*arguments, str(path))["by"]


def rewritten(path: str, old: bytes, new: bytes, part: str = "xl/worksheets/sheet1.xml") -> str:
    """The workbook with other octets in one of its parts."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def rows_read(path: str, **options: Any) -> tuple[Reading, list[Any]]:
    """A reading of a workbook, and its blocks."""
    reading = Reading(path, ReadingOptions(**options))
    return reading, list(excel_rows.blocks(reading))


def test_cells_may_be_merged_down_to_the_last_row(tmp_path: Path) -> None:
    """Which is row 1,048,576: no more rows are asked for than that and one, which is refused."""
    path = workbook(tmp_path / "m.xlsx", [["a", "x"], ["b"], ["c"]])
    rewritten(path, b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="B1:B1048576"/></mergeCells>')
    sheet = type(openpyxl.load_workbook(path, read_only=True).active)
    with mock.patch.object(sheet, "iter_rows", autospec=True, side_effect=sheet.iter_rows) as asked:
        _, (block,) = rows_read(path, header=False, column="1", by=("2",))
    assert (block.texts(), block.keys()) == (["a", "b", "c"], [("x",)] * 3)
    assert asked.call_args.kwargs["max_row"] == (1 << 20) + 1


def test_what_a_sheet_says_is_found_wherever_pieces_end(tmp_path: Path) -> None:
    """A formula without a value and merged cells, cut at each octet."""
    path = workbook(tmp_path / "m.xlsx", [["t", "g"], ["a", "x"], ["b"]])
    rewritten(path, b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="B2:B3"/></mergeCells>')
    formula = workbook(tmp_path / "f.xlsx", [["t"], ["=1+1"]])
    rewritten(formula, b' t="inlineStr"><is><t>=1+1</t></is>', b"><f>1+1</f><v/>")
    for size in (64, 65, 67, 71, 97):
        with mock.patch.multiple(excel_rows, _PIECE=size, _OVERLAP=63):
            assert rows_read(path, column="t", by=("g",))[1][0].keys() == [("x",), ("x",)]
            with pytest.raises(InputRefusedError, match="has formulas without values"):
                rows_read(formula)


def test_formulas_count_as_their_values(tmp_path: Path) -> None:
    """Those that were last saved for them, numbers being whole where they can be."""
    path = workbook(tmp_path / "m.xlsx", [["t"], ["cached"]])
    rewritten(path, b' t="inlineStr"><is><t>cached</t></is>', b"><f>6*7</f><v>42.0</v>")
    assert rows_read(path)[1][0].texts() == ["42"]


def test_blocks_of_a_workbook(tmp_path: Path) -> None:
    """A thousand and twenty-four rows each, under the numbers of Excel; the size that the sheet claims is not taken."""
    path = workbook(tmp_path / "m.xlsx", [["t"], *([f"{number}"] for number in range(2_500))])
    rewritten(path, b'<dimension ref="A1:A2501"', b'<dimension ref="A1:A2"')
    reading, blocks = rows_read(path)
    assert ([len(block) for block in blocks], reading.row, reading.marked) == ([1_024, 1_024, 452], 2_501, True)
    assert [text for block in blocks for text in block.texts()] == list(map(str, range(2_500)))


def test_how_far_a_workbook_has_been_read(tmp_path: Path) -> None:
    """Octets of the file; 0 once it is closed. Also of rows without columns, such as those of prices."""
    path = workbook(tmp_path / "m.xlsx", [["t"], [], ["a", None, ""], [2.0]])
    reading = Reading(path, ReadingOptions())
    assert [0 < reading.position() <= Path(path).stat().st_size for _ in excel_rows.blocks(reading)] == [True]
    assert reading.position() == 0
    rows = [(reading.row, row) for row in excel_rows.rows_of_first_sheet(reading)]
    assert rows == [(1, ("t",)), (3, ("a",)), (4, (2,))]


def test_controls_are_spelt(tmp_path: Path) -> None:
    """Each of the first 32 code points, and the line that would begin such a spelling."""
    spelt = [f"_x{point:04{'Xx'[point % 2]}}_" for point in range(32)]
    path = workbook(tmp_path / "m.xlsx", [["t"], ["x".join([*spelt, "_x005F_x000D_"])]])
    assert rows_read(path)[1][0].texts() == ["x".join([*map(chr, range(32)), "_x000D_"])]


def test_columns_of_a_sheet(tmp_path: Path) -> None:
    """One without a name is called by its letter; short rows are filled; twins are refused where rows are kept."""
    path = workbook(tmp_path / "m.xlsx", [["t", None, "", "x"], ["a"], ["b", 1, None, "c"]])
    _, (block,) = rows_read(path, column="t", keep=True, by=("column B", "x"))
    assert block.keys() == [("", ""), ("1", "c")]
    empty = {"column B": None, "column C": None, "x": None}
    assert block.records() == [{"t": "a", **empty}, {"t": "b", **empty, "column B": 1, "x": "c"}]
    twins = workbook(tmp_path / "m.xlsx", [["t", "a", "a"], ["b", 1, 2]])
    assert rows_read(twins, column="t")[1][0].records() == []
    with pytest.raises(InputRefusedError, match="2 columns are called 'a', which --output cannot keep"):
        rows_read(twins, column="t", keep=True)


def test_sheets_that_are_hidden_or_not_there(tmp_path: Path) -> None:
    """Where all are hidden the first is read; a workbook of charts alone has none."""
    path = workbook(tmp_path / "m.xlsx", [["t"], ["a"]])
    rewritten(path, b'state="visible"', b'state="hidden"', "xl/workbook.xml")
    assert rows_read(path)[1][0].texts() == ["a"]
    book = openpyxl.Workbook()
    book.create_chartsheet("chart").add_chart(openpyxl.chart.BarChart())
    del book["Sheet"]
    book.save(path)
    with pytest.raises(InputRefusedError, match=r"m\.xlsx: a workbook without a sheet$"):
        rows_read(path)


def test_how_large_the_parts_of_a_workbook_may_be(tmp_path: Path) -> None:
    """A gibioctet a sheet, and a quarter of one any other part, to the octet."""
    path = workbook(tmp_path / "m.xlsx", [["t"], ["a"]])
    for name, most in (("xl/worksheets/sheet1.xml", 1 << 30), ("xl/sharedStrings.xml", 1 << 28)):
        for more in (0, 1):
            part = zipfile.ZipInfo(name)
            part.file_size = most + more
            with mock.patch.object(zipfile.ZipFile, "infolist", return_value=[part]):
                if more:
                    with pytest.raises(
                        InputRefusedError, match=f"{name} takes {most + 1:,} octets, and at most {most:,}"
                    ):
                        rows_read(path)
                else:
                    assert rows_read(path)[1][0].texts() == ["a"]


def test_what_openpyxl_says_is_one_line_or_nothing(tmp_path: Path) -> None:
    """Errors by their first line, or by their kind if they say nothing; warnings are not for users."""
    path = workbook(tmp_path / "m.xlsx", [["t"], ["a"]])
    for error, said in ((ValueError("one\ntwo"), "one"), (KeyError(), "KeyError")):
        with mock.patch.object(excel_rows, "load_workbook", side_effect=error):
            assert run("bulk", path).err == f"smscodec: {path}: not a readable .xlsx workbook: {said}\n"
    unknown = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    rewritten(path, b"</worksheet>", unknown)
    with warnings.catch_warnings(record=True) as warned:
        assert rows_read(path)[1][0].texts() == ["a"]
    assert warned == []


def test_a_workbook_may_come_through_a_pipe(tmp_path: Path) -> None:
    """Which cannot be wound back; so it is put down first."""
    path = Path(workbook(tmp_path / "m.xlsx", [["t"], ["a"]]))
    stdin = dribbled(path.read_bytes(), [99])
    assert run("bulk", "--json", "--format", "xlsx", "-", stdin=stdin).json["messages"] == 1


# Cells hold text without control characters, but for those that are spelt.
printable = strategies.texts().map(
    lambda text: "".join(one for one in text if one >= " " and one not in "\ufffe\uffff")
)


@FEWER
@given(st.lists(printable.filter(lambda text: "_x" not in text), min_size=1, max_size=8))
def test_a_workbook_costs_what_its_csv_costs(texts: list[str]) -> None:
    """The same rows as a workbook and as CSV have the same summary, empty messages and groups included."""
    rows = [["id", "t"], *enumerate(texts)]
    with tempfile.TemporaryDirectory() as folder:
        expected = bulk("--column", "t", "--by", "id", written(Path(folder), "m.csv", csv_of(rows)))
        found = bulk("--column", "t", "--by", "id", workbook(Path(folder) / "m.xlsx", rows))
        assert expected == found


@FEWER
@given(st.lists(strategies.texts(), min_size=1, max_size=8))
def test_text_survives_a_workbook(texts: list[str]) -> None:
    """What is written to a workbook is read from it again: formulas, controls and what looks like their spelling."""
    texts = [text.translate({0: None, 0xFFFE: None, 0xFFFF: None}) for text in texts]
    texts = [f"={text}_x000D_\r\n_x005F_" if at % 2 else f"={text}" for at, text in enumerate(texts)]
    lines = csv_of([["t"], *([text] for text in texts)], quoting=1)
    with tempfile.TemporaryDirectory() as folder:
        there, back = str(Path(folder) / "out.xlsx"), str(Path(folder) / "back.jsonl")
        bulk("--column", "t", "--output", there, written(Path(folder), "m.csv", lines))
        bulk("--column", "t", "--prefix", "again_", "--output", back, there)
        assert texts == [row["t"] for row in rows_of(back)]


@pytest.mark.parametrize("formula", ["=A1&A1", "=1+1"])
@pytest.mark.parametrize("before", [0, 3_000])
def test_formulas_without_values_are_refused(tmp_path: Path, formula: str, before: int) -> None:
    """A workbook whose formulas were never calculated is refused wherever they stand, and not read as empty cells."""
    book = openpyxl.Workbook()
    for row in [["id", "t"], *([number, "text"] for number in range(before)), [1, formula]]:
        book.active.append(row)
    book.save(tmp_path / "m.xlsx")
    outcome = run("bulk", "--column", "t", str(tmp_path / "m.xlsx"))
    assert (outcome.status, outcome.out) == (1, "")
    assert "sheet 'Sheet' has formulas without values; open it in Excel" in outcome.err


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    """In the file itself no cell holds a formula, whatever its text begins with."""
    path = written(tmp_path, "m.txt", b"=1+1\n+1\n-1\n@SUM(A1)\n\t=1\n")
    bulk("--output", str(tmp_path / "out.xlsx"), path)
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
        assert set(re.findall(rb' t="(\w+)"', archive.read("xl/worksheets/sheet1.xml"))) == {b"inlineStr", b"n"}
    assert [row["text"] for row in rows_of(str(tmp_path / "out.xlsx"))] == ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"]


def test_columns_keep_their_kinds(tmp_path: Path) -> None:
    """Numbers, dates and truth values of a workbook are those of the output, and costs are numbers."""
    when = datetime.datetime(2026, 5, 4, 12, 30)
    path = workbook(
        tmp_path / "m.xlsx",
        [["n", "x", "when", "ok", "t"], [7, 1.5, when, True, "ж" * 71], [None, None, None, None, "a"]],
    )
    bulk("--column", "t", "--price", "$0.0079", "--output", str(tmp_path / "out.xlsx"), path)
    first, second = rows_of(str(tmp_path / "out.xlsx"))
    assert list(first.values()) == [7, 1.5, when, True, "ж" * 71, "UCS2", 71, 2, 0.0158]
    assert list(second.values())[:4] == [None] * 4
    bulk("--column", "t", "--output", str(tmp_path / "out.csv"), path)
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfn,x,when,ok,t")
    assert rows_of(str(tmp_path / "out.csv"))[0]["when"] == "2026-05-04T12:30:00"


def test_what_a_cell_just_holds(tmp_path: Path) -> None:
    """Fifteen digits are a number, sixteen are text, and 32,767 characters are one cell."""
    numbers = [10**15 - 1, 10**15, 1 - 10**15, -(10**15)]
    path = workbook(tmp_path / "m.xlsx", [["n", "t"], *([number, "a"] for number in numbers)])
    bulk("--column", "t", "--output", str(tmp_path / "out.xlsx"), path)
    found = [row["n"] for row in rows_of(str(tmp_path / "out.xlsx"))]
    assert found == [10**15 - 1, "1000000000000000", 1 - 10**15, "-1000000000000000"]
    bulk("--output", str(tmp_path / "long.xlsx"), written(tmp_path, "m.txt", b"a" * 32_767))
    assert [row["text"] for row in rows_of(str(tmp_path / "long.xlsx"))] == ["a" * 32_767]


def test_a_group_may_be_a_day(tmp_path: Path) -> None:
    """A date of a workbook, which is kept as midnight, names a group without the hour; other times keep theirs."""
    days = [datetime.datetime(2026, 5, 4), datetime.datetime(2026, 5, 4), datetime.datetime(2026, 5, 4, 12, 30)]
    path = workbook(tmp_path / "m.xlsx", [["day", "t"], *[[day, "a"] for day in days]])
    groups = [row["group"]["day"] for row in bulk("--column", "t", "--by", "day", path)["by"]]
    assert groups == ["2026-05-04", "2026-05-04 12:30:00"]


def test_rows_of_a_sheet(tmp_path: Path) -> None:
    """Blank rows hold nothing, a blank cell is an empty message, and a whole number is text."""
    rows: list[list[Any]] = [[], ["id", "t"], [1, "a"], [], [2, None], [3, 4711], [None, None, None]]
    found = bulk("--column", "t", workbook(tmp_path / "m.xlsx", rows))
    assert [found[name] for name in ("messages", "empty", "nulls", "segments")] == [3, 1, 0, 3]
    assert bulk("--column", "t", "--empty-as-null", workbook(tmp_path / "m.xlsx", rows))["nulls"] == 1
    second = ["--column", "2", "--no-header"]
    assert bulk(*second, workbook(tmp_path / "n.xlsx", [[1, "a"], [2, "b"]]))["messages"] == 2
    assert bulk(workbook(tmp_path / "e.xlsx", []))["messages"] == 0
    assert bulk(*second, "--format", "xlsx", "-", stdin=(tmp_path / "n.xlsx").read_bytes())["messages"] == 2
    many = [["t"], *([f"It’s {number}"] for number in range(2_500))]
    assert bulk(workbook(tmp_path / "many.xlsx", many))["messages"] == 2_500


def test_which_sheet(tmp_path: Path) -> None:
    """The first sheet that is not hidden, which is said where there are others, or the one of --sheet."""
    book = openpyxl.Workbook()
    book.active.title, book.active.sheet_state = "Lists", "hidden"
    for title in ("May", "June"):
        book.create_sheet(title).append(["t"])
        for _ in range(len(title)):
            book[title].append(["a"])
    book.save(tmp_path / "m.xlsx")
    path = str(tmp_path / "m.xlsx")
    outcome = run("bulk", "--json", path)
    assert outcome.json["messages"] == 3
    assert "sheet 'May' is read, the first of 3; --sheet names another one" in outcome.err
    assert bulk("--sheet", "June", path)["messages"] == 4
    assert (
        "no sheet 'Jun'; did you mean June? there are 'Lists', 'May', 'June'" in run("bulk", "--sheet", "Jun", path).err
    )


@pytest.mark.parametrize(
    ("rows", "options", "said"),
    [
        ([["id", "t"], [1, "a"]], ["--column", "x"], "after row 1: no column 'x'"),
        ([["id", "t"], [1, "a"]], [], "there are 2 columns; name the one that holds the message"),
        ([["t"], [datetime.date(2026, 1, 1)]], [], "row 2: expected text in the cell of the message, got a date"),
        ([["t"], [1.5]], [], "row 2: expected text in the cell of the message, got a number with decimals"),
        ([["t"], [True]], [], "row 2: expected text in the cell of the message, got a truth value"),
        ([["t"], ["#N/A"]], [], "row 2: the cell of the message holds the error #N/A"),
        ([["t"], ["a", "b"]], [], "row 2: column B has a value, and no name in the first row"),
        ([["t"], ["a" * 11]], ["--max-message", "10"], "row 2: longer than 10 octets"),
    ],
)  # fmt: skip
def test_a_bad_row_of_a_sheet(rows: list[list[Any]], options: list[str], said: str, tmp_path: Path) -> None:
    """Status 1 and one line that names the file, the row in Excel and what is wrong."""
    path = workbook(tmp_path / "m.xlsx", rows)
    outcome = run("bulk", *options, path)
    assert (outcome.status, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert outcome.err.startswith(f"smscodec: {path}, ")
    assert said in outcome.err


def test_what_is_no_workbook(tmp_path: Path) -> None:
    """Other archives, old workbooks, text, damage at any place, and parts that unpack to too much."""
    whole = Path(workbook(tmp_path / "m.xlsx", [["t"], *(["message"] for _ in range(300))])).read_bytes()
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "a")
    large = io.BytesIO()
    with zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"a" * 4_000)
    damaged = [whole[:place] + b"\xff" * 9 + whole[place + 9 :] for place in range(0, len(whole), len(whole) // 20)]
    for content in (
        b"",
        b"t\na\n",
        b"\xd0\xcf\x11\xe0" + b"\0" * 600,
        other.getvalue(),
        whole[: len(whole) // 2],
        *damaged,
    ):
        path = written(tmp_path, "x.xlsx", content)
        outcome = run("bulk", path)
        assert outcome.status in {0, 1}
        assert outcome.err.count("\n") == outcome.status
        assert outcome.status == 0 or str(path) in outcome.err
    said = run("bulk", written(tmp_path, "x.xlsx", b"t\na\n")).err
    assert "not an .xlsx workbook; if it is text, add --format csv" in said
    said = run("bulk", written(tmp_path, "x.xlsx", b"")).err
    assert said.endswith("x.xlsx: the file is empty, without even a header; save or copy it again\n")
    with mock.patch.object(excel_rows, "_MOST_OCTETS_OF_A_PART", 1_000):
        said = run("bulk", written(tmp_path, "x.xlsx", large.getvalue())).err
    assert "xl/sharedStrings.xml takes 4,000 octets, and at most 1,000 are read; save it as CSV" in said


def test_a_row_of_any_number_is_no_loop(tmp_path: Path) -> None:
    """A file may say that a row is the billionth: rows beyond Excel's are refused and not counted to."""
    path = Path(workbook(tmp_path / "m.xlsx", [["t"], ["a"]]))
    rewritten(str(path), b'r="2"', b'r="2000000000"')
    with mock.patch.object(excel_rows, "_MOST_ROWS", 1_000):
        assert "more than 1,000 rows" in run("bulk", str(path)).err
    path = Path(workbook(tmp_path / "m.xlsx", [["t"], ["a"], ["b"]]))
    with mock.patch.object(excel_rows, "_MOST_ROWS", 3):
        assert bulk(str(path))["messages"] == 2
    with mock.patch.object(excel_rows, "_MOST_ROWS", 2):
        assert "more than 2 rows, which Excel does not have" in run("bulk", str(path)).err


def test_what_a_workbook_cannot_hold(tmp_path: Path) -> None:
    """Too long a cell, too many rows and impossible characters are one clear line, and nothing is written."""
    for text, said in (
        ("a" * 32_768, "an .xlsx cell holds 32,767 characters, got 32,768"),
        ("a\uffff", "cannot hold U+FFFF"),
    ):
        path = written(tmp_path, "m.txt", text.encode())
        outcome = run("bulk", "--output", str(tmp_path / "out.xlsx"), path)
        assert (outcome.status, outcome.out, outcome.err.count("\n")) == (1, "", 1)
        assert said in outcome.err
    path = written(tmp_path, "m.txt", b"a\n" * 20)
    with mock.patch.object(excel_writer, "_MOST_ROWS", 10):
        assert "an .xlsx sheet holds 10 rows" in run("bulk", "--output", str(tmp_path / "out.xlsx"), path).err
    assert [name.name for name in tmp_path.iterdir()] == ["m.txt"]


def test_prices_may_stand_in_a_workbook(tmp_path: Path) -> None:
    """As in CSV, with numbers as numbers."""
    path = workbook(tmp_path / "m.xlsx", [["c", "t"], ["ES", "a"], ["NL", "b"]])
    prices = workbook(tmp_path / "p.xlsx", [["c", "price"], ["ES", 0.00001], ["NL", "0,05"]])
    assert bulk("--column", "t", "--by", "c", "--prices", prices, path)["cost"] == "0.05001"


@pytest.mark.parametrize("arguments", [["m.xlsx"], ["--output", "o.xlsx", "m.txt"]])
def test_the_missing_extra_is_named(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without openpyxl the extra that brings it is named, in one line."""
    (tmp_path / "m.txt").write_text("a\n")
    (tmp_path / "m.xlsx").write_bytes(b"PK")
    monkeypatch.chdir(tmp_path)
    with mock.patch.dict(sys.modules, {"openpyxl": None}):
        for module in (excel_rows, excel_writer):
            sys.modules.pop(module.__name__)
        outcome = run("bulk", *arguments)
    assert (outcome.status, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert "needs the extra 'excel': pip install 'smscodec[excel]'" in outcome.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.txt", "m.xlsx"]
