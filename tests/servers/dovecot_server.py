"""The IMAP server that most hosts run, with LMTP to deliver into it; for Dovecot 2.3.

Install it with ``apt-get install --no-install-recommends dovecot-core dovecot-imapd dovecot-lmtpd``.
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .loopback import free_port, running

PACKAGES = "dovecot-core dovecot-imapd dovecot-lmtpd"
_PROGRAM = "/usr/sbin/dovecot"
_CONFIG = """
base_dir = {t}/run
state_dir = {t}/state
log_path = {t}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = {uid}
mail_location = maildir:~/Maildir
mail_fsync = never
recipient_delimiter = +
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {t}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={t}/home/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
  mailbox Junk {{
    auto = create
    special_use = \\Junk
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service auth {{
  inet_listener submission {{
    port = {auth}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
protocol imap {{
  mail_max_userip_connections = 200
}}
protocol lmtp {{
  auth_username_format = %Lu
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """``auth`` is where a submission server asks whether a sign-in is good."""

    imap: int
    lmtp: int
    auth: int
    homes: Path


def missing() -> str | None:
    """What to install where there is no Dovecot, or only a part of it; None where all is there."""
    folders = ("/usr/lib/dovecot", "/usr/libexec/dovecot")
    there = {name for name in ("imap", "lmtp") if any((Path(folder) / name).exists() for folder in folders)}
    if Path(_PROGRAM).exists() and there == {"imap", "lmtp"}:
        return None
    return f"Dovecot is not installed: apt-get install --no-install-recommends {PACKAGES}"


@contextmanager
def dovecot(users: Mapping[str, str]) -> Iterator[Dovecot]:
    """Gone with the block. As root it runs as ``nobody``, since uid 0 may not own mail."""
    folder = Path(tempfile.mkdtemp(prefix="dv", dir="/tmp"))  # short: Unix sockets take 107 bytes
    person = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    imap, lmtp, auth = free_port(), free_port(), free_port()
    (folder / "users").write_text("".join(f"{user}:{{PLAIN}}{password}\n" for user, password in users.items()))
    names = {"user": person.pw_name, "group": grp.getgrgid(person.pw_gid).gr_name}
    numbers = {"uid": person.pw_uid, "gid": person.pw_gid, "imap": imap, "lmtp": lmtp, "auth": auth}
    (folder / "dovecot.conf").write_text(_CONFIG.format(t=folder, **names, **numbers))
    for name in ("home", "run", "state"):
        (folder / name).mkdir()
    options: dict[str, object] = {"start_new_session": True}
    if os.geteuid() == 0:
        folder.chmod(0o755)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, person.pw_uid, person.pw_gid)
        options |= {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    command = [_PROGRAM, "-F", "-c", str(folder / "dovecot.conf")]
    try:
        with running(command, imap, folder / "out", **options):
            yield Dovecot(imap, lmtp, auth, folder / "home")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
