"""The submission server that most hosts run: it signs in by Dovecot, delivers to it by LMTP, and sends bounces itself.

Install it with ``apt-get install --no-install-recommends postfix``. It runs as root only, and apart from any other.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from .dovecot_server import Dovecot
from .loopback import free_port, running

_PROGRAM = "/usr/sbin/postfix"
_MAIN = """
compatibility_level = 3.6
queue_directory = {t}/queue
data_directory = {t}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {t}/postfix.log
maillog_file_prefixes = {t}
myhostname = mx.team.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks =
local_header_rewrite_clients =
recipient_delimiter = +
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = team.example
virtual_mailbox_maps = texthash:{t}/mailboxes
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
default_transport = error:5.7.1 nothing leaves this machine
relay_transport = error:5.7.1 nothing leaves this machine
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
smtpd_sasl_security_options = noanonymous
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_sasl_authenticated, reject
smtpd_delay_reject = no
smtpd_error_sleep_time = 0
smtpd_client_auth_rate_limit = 0
smtpd_client_connection_count_limit = 0
message_size_limit = 33554432
in_flow_delay = 0
"""
_MASTER = """
127.0.0.1:{smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Postfix:
    smtp: int
    queue: Path

    def settle(self) -> None:
        """Until all that was taken in is delivered or came back."""
        for _ in range(2000):
            waiting = [self.queue / name for name in ("maildrop", "incoming", "active", "defer", "bounce")]
            if not any(path.is_file() for folder in waiting for path in folder.rglob("*")):
                return
            Event().wait(0.01)
        raise TimeoutError(f"mail is still in {self.queue}")


def missing() -> str | None:
    """What to do where there is no Postfix that could be run; None where there is."""
    if not Path(_PROGRAM).exists():
        return "Postfix is not installed: apt-get install --no-install-recommends postfix"
    return None if os.geteuid() == 0 else "Postfix runs as root only: sudo make test-postfix"


@contextmanager
def postfix(mailboxes: Sequence[str], behind: Dovecot) -> Iterator[Postfix]:
    """It believes that these mailboxes exist, whatever Dovecot says of them later. Gone with the block."""
    folder = Path(tempfile.mkdtemp(prefix="pf", dir="/tmp"))  # short: Unix sockets take 107 bytes
    folder.chmod(0o755)
    port = free_port()
    for name in ("etc", "queue", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    (folder / "mailboxes").write_text("".join(f"{mailbox} here\n" for mailbox in mailboxes))
    (folder / "etc" / "main.cf").write_text(_MAIN.format(t=folder, lmtp=behind.lmtp, auth=behind.auth))
    (folder / "etc" / "master.cf").write_text(_MASTER.format(smtp=port))
    try:
        with running([_PROGRAM, "-c", str(folder / "etc"), "start-fg"], port, folder / "out", start_new_session=True):
            yield Postfix(port, folder / "queue")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
