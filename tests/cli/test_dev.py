"""`vet-pipeline dev` says why it can't have an address before it starts anything."""

from __future__ import annotations

import socket

import pytest

from tests.cli.conftest import CommandLine


def test_a_port_that_is_taken_is_named(command: CommandLine) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = command("dev", "--port", str(port))
    assert said.exit_code == 2
    assert f"port {port} of 127.0.0.1 is taken" in said.stderr


@pytest.mark.parametrize("host", ["192.0.2.7", "no-such-host.invalid"])
def test_an_address_of_another_machine_is_no_taken_port(command: CommandLine, host: str) -> None:
    said = command("dev", "--host", host)
    assert said.exit_code == 2
    assert f"{host} is no address of this machine" in said.stderr
