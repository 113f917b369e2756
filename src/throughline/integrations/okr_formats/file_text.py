"""From bytes to lines of text: encodings, line ends, bounds."""

import codecs
import re
from dataclasses import dataclass

from throughline.integrations.okr_formats.model import UnreadableFile

MAX_FILE_BYTES = 10_000_000
MAX_LINE_CHARACTERS = 20_000
LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class FileText:
    text: str
    notes: tuple[str, ...]


def require_size(data: bytes, name: str) -> None:
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableFile(
            f"{name} has {len(data):,} bytes; at most {MAX_FILE_BYTES:,} can be read at once. "
            f"Split it into smaller files."
        )
    if not data.strip():
        raise UnreadableFile(f"{name} is empty. Choose a file that holds goals.")


def decode_file(data: bytes, name: str) -> FileText:
    """The text of a file, with a note for everything unusual about its bytes. Raises UnreadableFile."""
    require_size(data, name)
    decoded = _decode(data, name)
    notes = list(decoded.notes)
    place = decoded.text.find("\0")
    if place >= 0:
        line = len(LINE_END.findall(decoded.text[:place])) + 1
        raise UnreadableFile(
            f"{name} holds a NUL byte in line {line}, so it is not a text file or it is damaged. "
            "Save it again as plain text in UTF-8."
        )
    if not decoded.text.strip():
        raise UnreadableFile(f"{name} is empty. Choose a file that holds goals.")
    if re.search(r"\r(?!\n)", decoded.text):
        notes.append("Some lines end in a bare carriage return; each was read as the end of a line.")
    return FileText(decoded.text, tuple(notes))


def _decode(data: bytes, name: str) -> FileText:
    if data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return FileText(data.decode("utf-16"), ("The file is in UTF-16.",))
        except UnicodeDecodeError as error:
            raise UnreadableFile(
                f"{name} starts like UTF-16 text but is broken at byte {error.start}. Save it again in UTF-8."
            ) from error
    try:
        return FileText(data.decode("utf-8"), ())
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        text = "".join(chr(byte) if byte in _LATIN_CONTROLS else bytes([byte]).decode("cp1252") for byte in data)
        note = (
            f"Line {line} is not UTF-8; the file was read as Windows-1252 (Latin-1). "
            "Check names and quotation marks, or save it in UTF-8 and import it again."
        )
        return FileText(text, (note,))


# The five bytes Windows-1252 leaves undefined are read as Latin-1 does, so that no byte can fail.
_LATIN_CONTROLS = frozenset({0x81, 0x8D, 0x8F, 0x90, 0x9D})


def split_lines(text: str) -> list[str]:
    """Lines by CRLF, CR or LF alone; a last line end opens no further line."""
    lines = LINE_END.split(text)
    if lines and lines[-1] == "":
        lines.pop()
    return lines


def require_line_lengths(lines: list[str], name: str) -> None:
    for number, line in enumerate(lines, start=1):
        if len(line) > MAX_LINE_CHARACTERS:
            raise UnreadableFile(
                f"Line {number} of {name} has {len(line):,} characters; at most "
                f"{MAX_LINE_CHARACTERS:,} can be read. "
                "Break the line, or take embedded pictures out of it."
            )
