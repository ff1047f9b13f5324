"""Makes a Roundup tracker (classic template, SQLite): python tracker.py FOLDER PEOPLE.

It has as many issues as users."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path


def make(folder: Path, people: int) -> None:
    admin = Path(sys.executable).parent / "roundup-admin"
    subprocess.run([admin, "-i", folder, "install", "classic", "sqlite"], check=True, stdout=subprocess.DEVNULL)
    config = folder / "config.ini"
    text = config.read_text(encoding="utf-8")
    for name, value in (("domain", "in.example.com"), ("host", "localhost"), ("web", "http://localhost/t/")):
        text = re.sub(rf"^#?{name} = .*", f"{name} = {value}", text, flags=re.MULTILINE)
    text = re.sub(r"^debug = *$", "debug = mail.out", text, flags=re.MULTILINE)
    config.write_text(text, encoding="utf-8")
    subprocess.run([admin, "-i", folder, "initialise", "admin"], check=True, stdout=subprocess.DEVNULL)
    db = import_module("roundup.instance").open(str(folder)).open("admin")
    for number in range(people):
        db.user.create(username=f"u{number}", address=f"u{number}@example.org", roles="User")
        db.issue.create(title=f"Check-in {number}")
    db.commit()
    db.close()


make(Path(sys.argv[1]), int(sys.argv[2]))
