"""A workbook as somebody fills it in: LibreOffice without a window, typing into cells. In: a workbook, what is typed. Out: another,
as LibreOffice writes it."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from tests.programs import program

Typed = Sequence[tuple[str, str, str]]
"""Sheet, cell (``B3``), text."""
LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Typing"/></library:library>
"""
MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Typing" script:language="StarBasic">{}</script:module>
"""
MACRO = """
Function Told(url As String) As String
  files = createUnoService("com.sun.star.ucb.SimpleFileAccess")
  stream = createUnoService("com.sun.star.io.TextInputStream")
  stream.setInputStream(files.openFileRead(url))
  stream.setEncoding("UTF-8")
  Told = stream.readString(Array(), True)
End Function

Sub Fill(source As String, target As String, typed As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  Dim point(0) As New com.sun.star.beans.PropertyValue
  Dim entered(0) As New com.sun.star.beans.PropertyValue
  Dim filter(0) As New com.sun.star.beans.PropertyValue
  On Error Goto Ended
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  point(0).Name = "ToPoint"
  entered(0).Name = "StringName"
  filter(0).Name = "FilterName"
  filter(0).Value = "Calc MS Excel 2007 XML"
  book = StarDesktop.loadComponentFromURL(source, "_blank", 0, hidden())
  dispatcher = createUnoService("com.sun.star.frame.DispatchHelper")
  entries = Split(Told(typed), Chr(10))
  For i = LBound(entries) To UBound(entries)
    parts = Split(entries(i), Chr(9))
    If UBound(parts) = 2 Then
      book.CurrentController.setActiveSheet(book.Sheets.getByName(parts(0)))
      point(0).Value = parts(1)
      entered(0).Value = parts(2)
      dispatcher.executeDispatch(book.CurrentController.Frame, ".uno:GoToCell", "", 0, point())
      dispatcher.executeDispatch(book.CurrentController.Frame, ".uno:EnterString", "", 0, entered())
    End If
  Next i
  book.storeToURL(target, filter())
  book.close(True)
Ended:
  StarDesktop.terminate()
End Sub
"""


def filled(book: Path, target: Path, typed: Typed) -> Path:
    """Types into the cells of a workbook."""
    soffice = program("soffice")
    with TemporaryDirectory() as folder:
        home = Path(folder)
        begin = [soffice, f"-env:UserInstallation={home.as_uri()}", "--headless", "--norestore", "--nologo"]
        subprocess.run(
            [*begin, "--terminate_after_init"], capture_output=True, check=True, timeout=60
        )  # makes its folders
        basic = home / "user" / "basic" / "Standard"
        (basic / "Typing.xba").write_text(MODULE.format(escape(MACRO)), "utf-8")
        (basic / "script.xlb").write_text(LIBRARY, "utf-8")
        (home / "typed").write_text("".join("\t".join(one) + "\n" for one in typed), "utf-8")
        given = ",".join(f'"{path.absolute().as_uri()}"' for path in (book, target, home / "typed"))
        macro = f"macro:///Standard.Typing.Fill({given})"
        done = subprocess.run([*begin, macro], capture_output=True, text=True, check=False, timeout=60)
    assert target.exists(), f"{done.stdout}{done.stderr}"
    return target
