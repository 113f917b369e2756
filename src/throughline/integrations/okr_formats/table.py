"""Our own plain table of goals: CSV or XLSX, with check-ins as a second sheet or file."""

from throughline.integrations.okr_formats.model import ParsedFile
from throughline.integrations.okr_formats.tabular.checking import check_sheets
from throughline.integrations.okr_formats.tabular.sheets import read_csv_sheet, read_workbook_sheets

ARCHIVE_START = b"PK\x03\x04"


class PlainTable:
    key = "table"
    label = "Throughline's plain table (CSV or XLSX)"
    endings: tuple[str, ...] = (".csv", ".tsv", ".xlsx")

    def sniff(self, data: bytes, name: str) -> float:
        """The column names decide for a CSV file; a workbook can be nothing else."""
        if data.startswith(ARCHIVE_START):
            return 0.9
        first = data.lstrip(b"\xef\xbb\xbf\r\n \t")[:4000].split(b"\n")[0].split(b"\r")[0].lower()
        columns = {cell.strip(b' "') for cell in first.replace(b";", b",").replace(b"\t", b",").split(b",")}
        if {b"id", b"title"} <= columns or {b"goal_id", b"on"} <= columns:
            return 0.95
        return 0.3 if name.lower().endswith(self.endings) else 0.0

    def read(self, data: bytes, name: str) -> ParsedFile:
        if data.startswith(ARCHIVE_START) or name.lower().endswith(".xlsx"):
            return check_sheets(read_workbook_sheets(data, name), name, format_key=self.key)
        return check_sheets([read_csv_sheet(data, name)], name, format_key=self.key)


def read_csv_files(goals: bytes, check_ins: bytes) -> ParsedFile:
    """Both CSV files of one export together, so that every check-in is checked against its goal."""
    sheets = [
        read_csv_sheet(goals, "goals.csv", part="goals"),
        read_csv_sheet(check_ins, "check_ins.csv", part="check_ins"),
    ]
    return check_sheets(sheets, "goals.csv and check_ins.csv", format_key=PlainTable.key)


FORMAT = PlainTable()
